"""Where an HTTP/1 answer ends (RFC 9112 section 6.3), as far as a client that sent one GET needs it."""

import re

from bothways.wire.http import is_response, status

_LONGEST_HEAD = 65_536
_LENGTH = re.compile(rb"\r?\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r?\ntransfer-encoding:[^\r\n]*chunked[ \t]*\r?\n", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LAST_CHUNK = re.compile(rb"(?:^|\r\n)0[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n\Z")
_TAIL = 4096
"""Bytes at the end in which the last chunk and its trailers are looked for."""

_BODILESS = frozenset({204, 304})


class HttpAnswer:
    """An answer as it comes in."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = b""
        self._body: int | None = None
        """Bytes behind the head so far; None while the head goes on."""
        self._length: int | None = None
        self._chunked = False
        self.status: int | None = None
        self.foreign = False
        """What came is no HTTP/1."""

    def take(self, data: bytes) -> None:
        """More of it."""
        if self._body is not None:
            self._more(data)
            return
        self._head += data
        start = bytes(self._head[:8])
        self.foreign = len(start) == 8 and not is_response(start)
        end = _HEAD_END.search(self._head)
        if end is not None and not self.foreign:
            self._begin(bytes(self._head[: end.end()]), bytes(self._head[end.end() :]))
        elif len(self._head) > _LONGEST_HEAD:
            self.foreign = True

    @property
    def complete(self) -> bool:
        """By its own word; an answer that has none ends with the connection."""
        if self.foreign:
            return True
        if self._body is None or self.status is None:
            return False
        if self.status in _BODILESS:
            return True
        if self._chunked:
            return _LAST_CHUNK.search(self._tail) is not None
        return self._length is not None and self._body >= self._length

    @property
    def ends_with_connection(self) -> bool:
        """Whether a close now is an end of the answer, not a break in it."""
        return self.complete or (self._body is not None and self._length is None and not self._chunked)

    def _begin(self, head: bytes, rest: bytes) -> None:
        code = status(head)
        if code is not None and 100 <= code < 200:  # interim (RFC 9110 section 15.2): another head follows
            self._head = bytearray()
            if rest:
                self.take(rest)
            return
        self.status = code
        self._chunked = _CHUNKED.search(head) is not None
        length = _LENGTH.search(head)
        self._length = int(length[1]) if length and not self._chunked else None
        self._body = 0
        self._more(rest)

    def _more(self, data: bytes) -> None:
        self._body = (self._body or 0) + len(data)
        self._tail = (self._tail + data)[-_TAIL:]


def request(host: str, path: str, padding: int = 0) -> bytes:
    """One GET, after whose answer the server is to close (RFC 9112 section 9.6); *padding*: bytes of an idle field."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: bothways",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
        *([f"X-Padding: {'0' * padding}"] if padding else []),
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii", "replace")
