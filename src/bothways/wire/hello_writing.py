"""A ClientHello that servers of TLS 1.2 and 1.3 answer (RFC 8446 section 4.1.2); what `tls` reads.

It is not meant to be finished: nobody knows the secret of its key share.
"""

import struct

_SUITES = (0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8)
"""Of TLS 1.3 (RFC 8446 section B.4), and those of TLS 1.2 that its servers still have."""

_GROUPS = (0x001D, 0x0017, 0x0018)
_SIGNATURES = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
_VERSIONS = (0x0304, 0x0303)
_X25519 = 0x001D

_SERVER_NAME = 0
_SUPPORTED_GROUPS = 10
_POINT_FORMATS = 11
_SIGNATURE_ALGORITHMS = 13
_PADDING = 21
_MASTER_SECRET = 23
_SUPPORTED_VERSIONS = 43
_PSK_MODES = 45
_KEY_SHARE = 51

RANDOM_LENGTH = 32
_EXTENSION_HEADER = 4
_LONGEST_NAME = 255
_LONGEST_HELLO = 16_384
"""Bytes of one record (RFC 8446 section 5.1)."""


def client_hello(name: str | None, random: bytes, size: int = 0) -> bytes:
    """One record with a ClientHello.

    Args:
        name: Server name to ask for (RFC 6066 section 3), as ASCII, at most 255 bytes of it; None asks for
            none.
        random: 32 bytes that nobody can foresee: random, session id and key share are taken from them.
        size: Bytes that it shall be padded to (RFC 7685), at most 16,384. What lacks less than the four bytes of a
            padding's header becomes up to three bytes longer; what is longer already stays so.
    """
    seed = random[:RANDOM_LENGTH].ljust(RANDOM_LENGTH, b"\x09")
    bare = _hello(seed, _extensions(name, seed))
    lacking = min(size, _LONGEST_HELLO) - len(bare)
    if lacking <= 0:
        return bare
    padding = _extension(_PADDING, bytes(max(lacking - _EXTENSION_HEADER, 0)))
    return _hello(seed, _extensions(name, seed) + padding)


def _hello(seed: bytes, extensions: bytes) -> bytes:
    body = b"\x03\x03" + seed + _short(seed) + _long(_words(_SUITES)) + _short(b"\0") + _long(extensions)
    message = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16\x03\x01" + _long(message)


def _extensions(name: str | None, seed: bytes) -> bytes:
    named = b""
    if name is not None:
        raw = name.encode("ascii", "replace")[:_LONGEST_NAME]
        named = _extension(_SERVER_NAME, _long(b"\0" + _long(raw)))
    return b"".join(
        (
            named,
            _extension(_MASTER_SECRET, b""),
            _extension(_SUPPORTED_GROUPS, _long(_words(_GROUPS))),
            _extension(_POINT_FORMATS, _short(b"\0")),
            _extension(_SIGNATURE_ALGORITHMS, _long(_words(_SIGNATURES))),
            _extension(_SUPPORTED_VERSIONS, _short(_words(_VERSIONS))),
            _extension(_PSK_MODES, _short(b"\1")),
            _extension(_KEY_SHARE, _long(_words((_X25519,)) + _long(seed))),
        )
    )


def _extension(kind: int, content: bytes) -> bytes:
    return kind.to_bytes(2) + _long(content)


def _words(numbers: tuple[int, ...]) -> bytes:
    return struct.pack(f">{len(numbers)}H", *numbers)


def _short(content: bytes) -> bytes:
    """A vector whose length stands in one byte (RFC 8446 section 3.4)."""
    return len(content).to_bytes(1) + content


def _long(content: bytes) -> bytes:
    """A vector whose length stands in two bytes."""
    return len(content).to_bytes(2) + content
