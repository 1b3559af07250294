"""TLS at the start of a payload: is it TLS, is it a ClientHello, and which server does it name."""

from bothways.wire.names import escaped

_CONTENT_TYPES = frozenset({20, 21, 22, 23, 24})
"""Change cipher spec, alert, handshake, application data (RFC 8446 section 5.1), heartbeat (RFC 6520 section 3)."""

_HANDSHAKE = 22
_CLIENT_HELLO = 1
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
