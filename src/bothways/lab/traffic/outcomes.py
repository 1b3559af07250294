"""How visits ended, and the log that tells it."""

import errno
from dataclasses import dataclass
from typing import Literal

import msgspec

from bothways.lab.model.traffic import Visit
from bothways.units import NANOSECONDS_PER_SECOND, Duration, Instant, rfc3339

Ended = Literal["done", "refused", "reset", "timed out", "unreachable", "closed", "failed", "unfinished"]
"""How a visit ended, as its client saw it.

`done`: its work was done. `refused`, `unreachable`: the network or the server said so instead of connecting. `reset`:
somebody broke the connection off. `timed out`: the client's patience, or its kernel's, came to an end. `closed`: the
server closed before the work was done. `failed`: something else, e.g. a wrong answer. `unfinished`: the lab ended
first.
"""

UNREACHABLE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENONET, errno.ENOPROTOOPT, errno.EACCES}
)
"""What ICMP errors become (net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, tab_unreach: EACCES is "administratively
prohibited"), and a route that says no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one connection of a visit went."""

    visit: Visit
    began: Instant
    address: str | None
    """The client's own address; None without a route to the server."""
    port: int | None
    """The client's own port; None where it never came to have one."""
    ended: Ended
    connected: bool
    """The client's kernel held the connection for made, at some time."""
    closed: bool
    """Both ends closed it, so that its last packets are a FIN each way and their acknowledgements. False where that is
    not known: the client gave up, or `hold`, which closes after all was told."""
    took: Duration
    """Until the work was done or seen to have failed."""
    sent: int
    """Bytes of the application, inside TLS if there is any."""
    received: int

    @property
    def done(self) -> bool:
        """Whether the client got what it came for."""
        return self.ended == "done"


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    began: str
    node: str
    address: str | None
    port: int | None
    to: str
    to_port: int
    name: str
    does: str
    ended: Ended
    connected: bool
    closed: bool
    seconds: float
    sent: int
    received: int


def line(outcome: Outcome) -> str:
    """An outcome as a line of `connections.log`: a JSON object, without the line feed.

    *began* is RFC 3339 with nanoseconds, *seconds* how long it took; the rest is called as in `Outcome` and `Visit`.
    """
    visit = outcome.visit
    entry = _Entry(
        began=rfc3339(outcome.began),
        node=visit.node,
        address=outcome.address,
        port=outcome.port,
        to=visit.to,
        to_port=visit.port,
        name=visit.name,
        does=visit.does,
        ended=outcome.ended,
        connected=outcome.connected,
        closed=outcome.closed,
        seconds=round(outcome.took / NANOSECONDS_PER_SECOND, 6),
        sent=outcome.sent,
        received=outcome.received,
    )
    return msgspec.json.encode(entry).decode()


def ended_by(error: OSError | EOFError) -> Ended:
    """What an error of a socket stands for; EOFError is the other side's early end."""
    match error:
        case TimeoutError():
            return "timed out"
        case ConnectionRefusedError():
            return "refused"
        case ConnectionResetError() | BrokenPipeError():
            return "reset"
        case EOFError():
            return "closed"
        case _:
            return "unreachable" if error.errno in UNREACHABLE else "failed"
