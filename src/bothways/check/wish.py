"""What the user wants of a check."""

from collections.abc import Mapping

from msgspec import Struct, field

from bothways.check.budget import BUDGETS, Budget, Depth
from bothways.check.target import Target

USUAL_RATE = 50
"""Packets a second that probes may send at most: a home router's processor answers as many time-exceeded errors, and
a trace of 30 distances takes two seconds."""


class Wish(Struct, frozen=True, kw_only=True):
    """All of it."""

    targets: tuple[Target, ...]
    given: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """Addresses that stand for a host and port, in place of what the resolver says."""

    controls: tuple[str, ...] = ()
    """Names or addresses of other hosts to compare with."""

    depth: Depth = Depth.USUAL
    family: int | None = None
    """4 or 6; None: both."""

    source: str | None = None
    """Address to send from."""

    interface: str | None = None
    rate: int = USUAL_RATE
    raw: bool | None = None
    """Whether to capture and send raw packets: True insists, False refrains, None does what is allowed."""

    @property
    def budget(self) -> Budget:
        """What it may cost."""
        return BUDGETS[self.depth]
