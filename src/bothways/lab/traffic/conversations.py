"""What clients say to servers over a socket, and what they await."""

from typing import Literal, assert_never

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.call import Call, WrongAnswerError

Spoken = Literal["greeting", "echo", "silent", "leave", "hold", "ask", "abort", "stare"]
"""The visits that need no program but this one."""

_LINE = b"how do you do\n"


def converse(call: Call, visit: Visit, does: Spoken) -> None:
    """Connect and do the work of a visit, up to the point where the client would close.

    Raises:
        OSError, EOFError, InterruptedCallError: see `Call`.
        WrongAnswerError: the server did not do its part.
    """
    call.connect()
    match does:
        case "greeting":
            call.line()
            call.say(_LINE)
            if call.rest() != _LINE:
                raise WrongAnswerError
        case "echo":
            _echoed(call)
            call.idle(visit.idle_s)
            _echoed(call)
        case "silent":
            call.idle(visit.idle_s)
            _echoed(call)
        case "leave":
            call.idle(visit.idle_s)
            call.still()
        case "hold":
            call.say(_request(visit))
        case "stare":
            call.say(_request(visit))
            call.stare()
        case "abort":
            _echoed(call)
            call.abort()
        case "ask":
            call.say(_request(visit))
            _answered(call, visit.size)
        case _:
            assert_never(does)


def _echoed(call: Call) -> None:
    call.say(_LINE)
    if call.line() != _LINE:
        raise WrongAnswerError


def _request(visit: Visit) -> bytes:
    host = visit.name or (f"[{visit.to}]" if ":" in visit.to else visit.to)
    return f"GET /{visit.size} HTTP/1.1\r\nHost: {host}:{visit.port}\r\nAccept: */*\r\n\r\n".encode()


def _answered(call: Call, size: int) -> None:
    """Wait for the whole of an HTTP answer of that size."""
    if not call.line().startswith(b"HTTP/1.1 200 "):
        raise WrongAnswerError
    while call.line().strip():
        pass
    call.octets(size)
