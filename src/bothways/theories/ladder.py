"""The typical exchange of a cause, for its drawing: three uprights and what passes between them, time downward."""

from enum import StrEnum

from msgspec import Struct

from bothways.way import Way


class Upright(StrEnum):
    """Where a packet starts, ends or dies."""

    CLIENT = "client"
    MIDDLE = "middle"
    SERVER = "server"


class Rung(Struct, frozen=True, kw_only=True):
    """One packet, or several alike."""

    way: Way
    packet: str
    """`SYN`, `SYN+ACK`, `ClientHello`, ...; what is special in brackets after it."""

    start: Upright
    end: Upright
    """Where it ends: taken there, or, with *lost*, dropped there."""

    lost: bool = False
    around: bool = False
    """Takes a way that does not pass the middle."""

    note: str = ""
    """A few words beside it: `again after 1, 3, 7 s`."""


class Ladder(Struct, frozen=True, kw_only=True):
    """What one connection of a cause typically looks like."""

    middle: str
    """What stands between the ends: `stateful firewall`, `filter`, `router`."""

    rungs: tuple[Rung, ...]


def there(
    packet: str,
    *,
    start: Upright = Upright.CLIENT,
    dropped: Upright | None = None,
    around: bool = False,
    note: str = "",
) -> Rung:
    """A packet from client to server, *dropped* on the way or at the server itself."""
    end = dropped or Upright.SERVER
    return Rung(way=Way.THERE, packet=packet, start=start, end=end, lost=bool(dropped), around=around, note=note)


def back(
    packet: str,
    *,
    start: Upright = Upright.SERVER,
    dropped: Upright | None = None,
    around: bool = False,
    note: str = "",
) -> Rung:
    """A packet from server to client; *start* is the middle where a device forges or sends it itself."""
    end = dropped or Upright.CLIENT
    return Rung(way=Way.BACK, packet=packet, start=start, end=end, lost=bool(dropped), around=around, note=note)


def to_middle(packet: str, *, note: str = "") -> Rung:
    """A packet of the client that a device takes for itself, as a proxy does."""
    return Rung(way=Way.THERE, packet=packet, start=Upright.CLIENT, end=Upright.MIDDLE, note=note)
