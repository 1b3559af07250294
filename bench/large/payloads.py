"""What connections say: beginnings that readers know, and noise for what is encrypted. Made once, used by thousands."""

import random
import struct
from functools import cache

from bench.large.frames import Payload, payload

SERVER_HELLO_BYTES = 127
FINISHED_BYTES = 80
NOISE_BYTES = 16_384
CIPHERS = bytes.fromhex("130213031301c02cc030009fcca9cca8ccaac02bc02f009e00ff")


@cache
def _noise() -> bytes:
    return random.Random(7).randbytes(2 * NOISE_BYTES)  # noqa: S311 - a benchmark is to be repeatable, not secret


def noise(size: int, place: int = 0) -> bytes:
    """As many bytes that mean nothing, others at another *place*."""
    start = place * 997 % NOISE_BYTES
    return _noise()[start : start + size]


def _record(kind: int, data: bytes) -> bytes:
    """A record of TLS (RFC 8446 section 5.1)."""
    return struct.pack(">BHH", kind, 0x0303, len(data)) + data


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack(">HH", kind, len(data)) + data


@cache
def client_hello(name: str, variant: int, size: int = 512) -> Payload:
    """A ClientHello (RFC 8446 section 4.1.2) that names *name* (RFC 6066 section 3), padded to *size* (RFC 7685)."""
    host = name.encode()
    key_share = struct.pack(">HHH", 36, 0x001D, 32) + noise(32, variant + 3)
    extensions = (
        _extension(0, struct.pack(">HBH", len(host) + 3, 0, len(host)) + host)
        + _extension(11, b"\x03\x00\x01\x02")
        + _extension(10, bytes.fromhex("000c001d0017001e00190018001a")[:14])
        + _extension(16, b"\x00\x0c\x02h2\x08http/1.1")
        + _extension(13, bytes.fromhex("0008040305030603080b"))
        + _extension(43, b"\x04\x03\x04\x03\x03")
        + _extension(51, key_share)
    )
    fixed = b"\x03\x03" + noise(32, variant) + b"\x20" + noise(32, variant + 1)
    fixed += struct.pack(">H", len(CIPHERS)) + CIPHERS + b"\x01\x00"
    padding = size - 4 - len(fixed) - 2 - len(extensions) - 4
    extensions += _extension(21, bytes(max(padding, 0)))
    body = fixed + struct.pack(">H", len(extensions)) + extensions
    hello = b"\x01" + len(body).to_bytes(3, "big") + body
    return payload(struct.pack(">BHH", 22, 0x0301, len(hello)) + hello)


@cache
def server_flight(size: int, variant: int) -> bytes:
    """ServerHello, change of cipher, and *size* bytes of certificates that nobody can read."""
    hello = b"\x03\x03" + noise(32, variant) + b"\x20" + noise(32, variant + 1) + b"\x13\x02\x00"
    shares = _extension(51, struct.pack(">HH", 0x001D, 32) + noise(32, variant + 2)) + _extension(43, b"\x03\x04")
    hello += struct.pack(">H", len(shares)) + shares
    return _record(22, b"\x02" + len(hello).to_bytes(3, "big") + hello) + b"\x14\x03\x03\0\1\1" + sealed(size, variant)


@cache
def sealed(size: int, variant: int) -> bytes:
    """*size* bytes of encrypted records."""
    found = b""
    while size > 0:
        part = min(size, NOISE_BYTES)
        found += _record(23, noise(part, variant))
        size -= part
    return found


@cache
def finished(variant: int) -> Payload:
    """The client's last words of the handshake."""
    return payload(b"\x14\x03\x03\0\1\1" + sealed(53, variant))


@cache
def get(name: str, variant: int) -> Payload:
    """An HTTP request (RFC 9110)."""
    path = noise(8, variant).hex()
    return payload(
        f"GET /{path}.html HTTP/1.1\r\nHost: {name}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010"
        f"0101 Firefox/140.0\r\nAccept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-GB,en;"
        f"q=0.5\r\nConnection: keep-alive\r\n\r\n".encode()
    )


@cache
def page(size: int, status: str = "200 OK") -> bytes:
    """An HTTP response with a body of *size* bytes."""
    words = b"<p>the quick brown fox jumps over the lazy dog</p>\n"
    head = f"HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: {size}\r\n\r\n".encode()
    return head + (words * (size // len(words) + 1))[:size]


@cache
def parts(data: bytes, size: int) -> tuple[Payload, ...]:
    """*data* in segments of at most *size* bytes."""
    return tuple(payload(data[start : start + size]) for start in range(0, len(data), size))


@cache
def greeting(port: int) -> Payload:
    """How a server that speaks first begins."""
    said = {
        22: b"SSH-2.0-OpenSSH_10.0p2 Debian-7\r\n",
        25: b"220 mail.example.net ESMTP Postfix\r\n",
        143: b"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n",
    }
    return payload(said[port])


@cache
def request(port: int, variant: int) -> Payload:
    """What clients of other services say: PostgreSQL, Redis, SSH, or one whose protocol is lines."""
    words = "x" * (8 + 9 * variant)
    if port == 5432:
        text = f"SHOW {words}\0".encode()
        return payload(b"Q" + struct.pack(">I", 4 + len(text)) + text)
    if port == 6379:
        return payload(f"*2\r\n$3\r\nGET\r\n${len(words)}\r\n{words}\r\n".encode())
    if port == 22:
        return payload(struct.pack(">I", 32 + 16 * variant) + noise(32 + 16 * variant, variant))
    return payload(f"NOOP {words}\r\n".encode())


@cache
def reply(port: int, variant: int) -> Payload:
    """What their servers answer."""
    words = "y" * (12 + 70 * variant)
    if port == 5432:
        text = f"SHOW {words}\0".encode()
        return payload(b"C" + struct.pack(">I", 4 + len(text)) + text + b"Z\0\0\0\5I")
    if port == 6379:
        return payload(f"${len(words)}\r\n{words}\r\n".encode())
    if port == 22:
        return payload(struct.pack(">I", 64 + 64 * variant) + noise(64 + 64 * variant, variant))
    return payload(f"250 OK {words}\r\n".encode())


@cache
def question(name: str, kind: int, ident: int) -> Payload:
    """A DNS query (RFC 1035 section 4) of an A or AAAA record."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    return payload(struct.pack(">6H", ident, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">HH", kind, 1))


@cache
def response(name: str, kind: int, ident: int, address: bytes) -> Payload:
    """Its answer."""
    asked = question(name, kind, ident).data[12:]
    answer = struct.pack(">HHHIH", 0xC00C, kind, 1, 300, len(address)) + address
    return payload(struct.pack(">6H", ident, 0x8180, 1, 1, 0, 0) + asked + answer)


@cache
def quic_initial(variant: int) -> Payload:
    """As long as an Initial packet of QUIC must be (RFC 9000 section 14.1)."""
    return payload(b"\xc3\0\0\0\1\x08" + noise(8, variant) + b"\0\0\x44\x9e" + noise(1182, variant))


@cache
def quic_short(size: int, variant: int) -> Payload:
    """A packet of an established QUIC connection."""
    return payload(b"\x43" + noise(size - 1, variant))
