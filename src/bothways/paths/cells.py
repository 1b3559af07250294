"""What walks through both ways (`pairing`) rest on: the factors of each pair of hops, and how usual each step is."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from bothways.paths import odds


class Cells(Struct, frozen=True, kw_only=True):
    """What speaks for each pair of hops, [i][j], as factors: 1 says nothing. Both ways from the client on."""

    same: Sequence[Sequence[float]]
    """If they are one router."""

    twins: Sequence[Sequence[float]]
    """If they are two routers in one place."""

    joined: Sequence[Sequence[float]]
    """If the first one's address and the second one's are those of the link between them."""

    start: tuple["Beyond", "Beyond"]
    """Hops of the way there, and of the way back, at the client's side that the other report cannot show."""

    end: tuple["Beyond", "Beyond"]
    """The same at the server's side."""


class Beyond(NamedTuple):
    """Hops of one way that lie beyond the end of the other way's report, or beyond the path itself."""

    share: float = 0.0
    """How probable it is that there are such hops."""

    most: int = 0
    """How many there can be."""

    def of(self, hops: int) -> float:
        """How probable just so many *hops* are."""
        if hops > self.most:
            return 0.0
        return (0.0 if hops else 1 - self.share) + self.share * (1 - odds.LEFT_OPEN) * odds.LEFT_OPEN**hops


class Steps(Struct, frozen=True, kw_only=True):
    """Probabilities of the steps from one state to the next; S: same, P: twins, T: only there, B: only back."""

    part: float
    """From S into a detour."""

    s_s: float
    s_p: float
    s_t: float
    s_b: float
    p_p: float
    t_t: float
    t_b: float
    t_s: float
    end: float
    """By how much the ways part more easily beside a host."""

    @classmethod
    def of(cls, *, alike: bool) -> "Steps":
        """As ways go that hardly differ (*alike*), or that do."""
        both, longer = odds.BOTH_SIDES, odds.LONGER
        first = both + (1 - both) / 2
        return cls(
            part=odds.PARTING[alike],
            s_s=1 - odds.PARTING[alike] - odds.TWIN,
            s_p=odds.TWIN,
            s_t=first,
            s_b=1 - first,
            p_p=odds.TWIN_GOES_ON,
            t_t=longer,
            t_b=(1 - longer) * both / first,
            t_s=(1 - longer) * (first - both) / first,
            end=odds.PARTING_AT_END[alike],
        )
