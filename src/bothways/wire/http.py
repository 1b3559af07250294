"""HTTP/1 at the start of a payload: a request and the host that it names, a response and its status (RFC 9112)."""

from bothways.wire.names import escaped

_METHODS = (
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"CONNECT ",
    b"OPTIONS ",
    b"TRACE ",
    b"PATCH ",
)
"""RFC 9110 section 9.3 and RFC 5789. Any token may be a method; these are what is met."""

_RESPONSE = b"HTTP/1."
_STATUS_AT = len("HTTP/1.1 ")
_LONGEST_HEAD = 65_536
"""Bytes in which the Host field is looked for: servers take heads of 8 to 64 KiB."""


def is_request(payload: bytes) -> bool:
    """Tell whether a payload begins with a request line (RFC 9112 section 3), as far as its method tells."""
    return payload.startswith(_METHODS)


def request(host: str, path: str = "/") -> bytes:
    """A request for *path* that closes the connection afterwards (RFC 9112 section 3).

    Args:
        host: As a URL has it: an IPv6 address in brackets, the port where it is not 80.
        path: With its query. What is not printable ASCII becomes a question mark, in either.
    """
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "User-Agent: bothways", "Accept: */*", "Connection: close")
    plain = ("".join(char if " " <= char <= "~" else "?" for char in line) for line in lines)
    return "".join(f"{line}\r\n" for line in (*plain, "")).encode("ascii")


def is_response(payload: bytes) -> bool:
    """Tell whether a payload begins with a status line (RFC 9112 section 4)."""
    return payload.startswith(_RESPONSE)


def status(payload: bytes) -> int | None:
    """The status code of a response: `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 section 4).

    None where the payload is no response, or ends before the code does.
    """
    code = payload[_STATUS_AT : _STATUS_AT + 3]
    plain = is_response(payload) and len(code) == 3 and code.isdigit() and payload[_STATUS_AT - 1 : _STATUS_AT] == b" "
    return int(code) if plain and code[0] in b"12345" else None


def host(payload: bytes) -> str | None:
    """The host that a request is for, without its port, escaped.

    "A client MUST send a Host header field [...] in all HTTP/1.1 request messages" (RFC 9112 section 3.2).

    Returns:
        The host; None where the payload is no request, has no Host field, or ends before the field's line does.
    """
    if not is_request(payload):
        return None
    # The last piece is a line that has not ended: it may hold half a name.
    for line in payload[:_LONGEST_HEAD].split(b"\n")[1:-1]:
        if not line.rstrip(b"\r"):
            return None  # the head is over
        if line[:5].lower() == b"host:":
            return escaped(_without_port(line[5:].strip(b" \t\r"))) or None
    return None


def _without_port(value: bytes) -> bytes:
    """`Host = uri-host [ ":" port ]` (RFC 9110 section 7.2); colons inside brackets belong to an IPv6 address."""
    name, colon, port = value.rpartition(b":")
    return name if colon and (port.isdigit() or not port) else value
