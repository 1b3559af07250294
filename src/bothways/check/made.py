"""What a check has made so far."""

from msgspec import Struct, field

from bothways.check.network import Looked, Road, Running
from bothways.check.target import Target
from bothways.check.traced import Trace
from bothways.check.trial import Tried


class Found(Struct, frozen=True, kw_only=True):
    """One target and where it is."""

    target: Target
    looked: Looked
    roads: tuple[Road, ...]
    """One for each address, in their order."""

    @property
    def reachable(self) -> tuple[str, ...]:
        """Addresses to which this machine sends at all."""
        return tuple(road.address for road in self.roads if road.source is not None)


class Made(Struct, kw_only=True):
    """Grows while a check goes on."""

    found: list[Found] = field(default_factory=list)
    controls: tuple[str, ...] = ()
    """Addresses of the hosts that the user named to compare with."""

    running: list[Running] = field(default_factory=list)
    unwatched: str = ""
    """Why nothing was captured; empty where it was."""

    traces: list[Trace] = field(default_factory=list)

    @property
    def tried(self) -> list[Tried]:
        """All connections, as they stand, in the order in which they were begun."""
        return [one.tried() for one in self.running]
