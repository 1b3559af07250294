"""The user's own list of devices: what he knows of them that no report shows."""

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """For what a device remembers the connections that pass it."""

    FIREWALL = "firewall"
    """It drops what belongs to no connection that it knows."""
    TRANSLATOR = "nat"
    """It rewrites addresses or ports, and replies must find the way back through it (RFC 2663 section 2)."""
    BALANCER = "load-balancer"
    """It chose a server for the connection, and later packets must go to the same one."""
    OTHER = "stateful"
    """It keeps state, and what for is not said."""


class Device(Struct, frozen=True, kw_only=True):
    """One device as the user describes it."""

    name: str
    """What he calls it."""

    addresses: tuple[str, ...] = ()
    """Canonical addresses (`10.0.0.1`) and prefixes (`10.0.0.0/24`) of its interfaces."""

    names: tuple[str, ...] = ()
    """Other names under which reports show it."""

    keeps: State | None = None
    """None for a device that keeps no state."""

    lowers_ttl: bool = True
    """False for one that passes packets on like a cable: no traceroute shows it."""

    between: tuple[str, str] | None = None
    """The names or addresses of its neighbours; told of devices that no traceroute shows."""

    line: int = 0
    """Where the list tells of it."""


class Inventory(Struct, frozen=True, kw_only=True):
    """One list of devices."""

    file: str
    devices: tuple[Device, ...]
