"""TLS at the start of a payload: is it TLS, is it a ClientHello, which server does it name, does it break off.

An alert that is encrypted cannot be read. But the first thing that a client of TLS 1.3 encrypts is a message of the
handshake, and none is as short as an alert (`seals_alert`).
"""

from collections.abc import Iterator

from bothways.wire.names import escaped

_CONTENT_TYPES = frozenset({20, 21, 22, 23, 24})
"""Change cipher spec, alert, handshake, application data (RFC 8446 section 5.1), heartbeat (RFC 6520 section 3)."""

_CHANGE_CIPHER_SPEC = 20
_ALERT = 21
_HANDSHAKE = 22
_APPLICATION_DATA = 23
_CLIENT_HELLO = 1
_FATAL = 2

_PLAIN_ALERT = 2
"""Bytes of an alert: level and description (RFC 8446 section 6). Encrypted ones of TLS 1.2 are longer."""

_SEALED_ALERTS = frozenset({2 + 1 + 16, 2 + 1 + 8})
"""Bytes of an encrypted alert: with its content type and an authentication tag of 16 bytes, or of 8 (RFC 8446 sections
5.2 and B.4). The shortest message of the handshake, an empty Certificate, has 8 bytes where an alert has 2."""
_SERVER_NAME = 0
_HOST_NAME = 0

_BODY = 9
"""Offset of a ClientHello's body: 5 bytes of record header, 4 of handshake header."""

_SESSION_ID = _BODY + 2 + 32
"""Offset of the session id's length, after version and random (RFC 8446 section 4.1.2)."""


def is_record(payload: bytes) -> bool:
    """Tell whether a payload begins with the header of a TLS record (RFC 8446 section 5.1), SSL 3.0 to TLS 1.3."""
    return len(payload) >= 5 and payload[0] in _CONTENT_TYPES and payload[1] == 3 and payload[2] <= 4


def is_client_hello(payload: bytes) -> bool:
    """Tell whether a payload begins with a record that begins with a ClientHello (RFC 8446 section 4.1.2)."""
    return len(payload) > 5 and payload[0] == _HANDSHAKE and payload[5] == _CLIENT_HELLO and is_record(payload)


def server_name(payload: bytes) -> str | None:
    """The name that a ClientHello asks for (RFC 6066 section 3), escaped.

    Returns:
        The name; None where the payload is no ClientHello, names no server, or ends before the whole name.
    """
    if not is_client_hello(payload):
        return None
    at = _SESSION_ID
    for width in (1, 2, 1):  # legacy_session_id, cipher_suites, legacy_compression_methods
        length = _number(payload, at, width)
        if length is None:
            return None
        at += width + length
    length = _number(payload, at, 2)
    if length is None:
        return None
    return _from_extensions(payload, at + 2, at + 2 + length)


def _number(payload: bytes, at: int, width: int) -> int | None:
    """The big-endian number at an offset; None where the payload ends before it does."""
    return int.from_bytes(payload[at : at + width]) if at + width <= len(payload) else None


def _from_extensions(payload: bytes, at: int, end: int) -> str | None:
    end = min(end, len(payload))
    while at + 4 <= end:
        kind = int.from_bytes(payload[at : at + 2])
        length = int.from_bytes(payload[at + 2 : at + 4])
        at += 4
        if kind == _SERVER_NAME:
            return _from_list(payload, at + 2, at + length)
        at += length
    return None


def _from_list(payload: bytes, at: int, end: int) -> str | None:
    """The first host name of a ServerNameList; the extension may lie beyond the bytes that are there."""
    while at + 3 <= min(end, len(payload)):
        kind = payload[at]
        length = int.from_bytes(payload[at + 1 : at + 3])
        at += 3
        if kind == _HOST_NAME:
            complete = length and at + length <= min(end, len(payload))
            return escaped(payload[at : at + length]) if complete else None
        at += length
    return None


def records(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """The records that begin in a payload which begins with one: content type and as much of the content as is there.

    The last one may go on in the next segment.
    """
    at = 0
    while is_record(payload[at : at + 5]):
        length = int.from_bytes(payload[at + 3 : at + 5])
        yield payload[at], payload[at + 5 : at + 5 + length]
        at += 5 + length


def fatal_alert(payload: bytes) -> int | None:
    """The description of the first fatal alert that can be read in a payload (RFC 8446 section 6).

    None where there is none: warnings (close_notify, user_canceled, and of TLS 1.2 unrecognized_name) end no handshake.
    """
    for kind, content in records(payload):
        if kind == _ALERT and len(content) == _PLAIN_ALERT and content[0] == _FATAL:
            return content[1]
    return None


def seals_alert(payload: bytes) -> bool:
    """Whether a payload holds one encrypted record as short as an alert, perhaps behind a change of cipher.

    That it is one is certain only of the first record that a client of TLS 1.3 encrypts; later on it may be anything of
    two bytes.
    """
    found = [(kind, len(content)) for kind, content in records(payload)]
    if found and found[0][0] == _CHANGE_CIPHER_SPEC:
        found = found[1:]
    return len(found) == 1 and found[0][0] == _APPLICATION_DATA and found[0][1] in _SEALED_ALERTS


def is_ciphered(payload: bytes) -> bool:
    """Whether a payload shows that its sender encrypts: application data, or records behind a change of cipher.

    A change of cipher alone does not: clients of TLS 1.3 send one for the sake of middleboxes (RFC 8446 appendix D.4).
    """
    kinds = [kind for kind, _ in records(payload)]
    return _APPLICATION_DATA in kinds or _CHANGE_CIPHER_SPEC in kinds[:-1]
