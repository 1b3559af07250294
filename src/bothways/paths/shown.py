"""All that two ways show of their routers, hop by hop: what the odds of each pair are made of."""

from collections.abc import Mapping, Sequence
from math import log

from msgspec import Struct

from bothways.paths import odds
from bothways.paths.cells import Beyond
from bothways.paths.course import Station
from bothways.paths.features import Features
from bothways.paths.geometry import Geometry
from bothways.paths.likeness import bases_of, way_back
from bothways.paths.links import Place
from bothways.paths.odds import OUTLIERS_EXPECTED
from bothways.paths.rows import PROVING, Basis


class Shown(Struct, frozen=True, kw_only=True):
    """All that two ways show, hop by hop from the client's side on."""

    there: tuple[Station, ...]
    back: tuple[Station, ...]
    mine: tuple[Features, ...]
    theirs: tuple[Features, ...]
    links: Mapping[Place, bool]
    geometry: Geometry
    expected: tuple[Sequence[int | None], Sequence[int | None]]
    """How far replies would come from a router of both ways: of each hop of the way there, the distance that counts is
    that of its partner of the way back, so the first ones go by j; the second ones by i."""

    opposed: bool
    """Ways of both directions; else two of one direction."""

    start: tuple[Beyond, Beyond]
    """See `Cells`."""

    end: tuple[Beyond, Beyond]

    def returns(self, i: int, j: int) -> float:
        """Odds of how far the replies of two hops came."""
        mine = way_back(self.mine[i].returns, self.expected[0][j])
        return mine + way_back(self.theirs[j].returns, self.expected[1][i])

    def linked(self, i: int, j: int) -> bool:
        """Whether a link to a neighbour speaks for hops *i* and *j* being one router."""
        return (i + 1, j) in self.links or (i, j - 1) in self.links

    def between_links(self, i: int, j: int) -> bool:
        """Whether the links to both neighbours speak for hops *i* and *j* being one router."""
        return (i + 1, j) in self.links and (i, j - 1) in self.links

    def told(self, i: int, j: int) -> bool:
        """Whether anything but their place speaks for hops *i* and *j* being one router."""
        return self.linked(i, j) or self.identified(i, j)

    def identified(self, i: int, j: int) -> bool:
        """Whether what hops *i* and *j* are speaks for one router: all of `told` but a link that may have more ends."""
        one, other = self.mine[i], self.theirs[j]
        return (
            any(self.links.get(beside) for beside in ((i + 1, j), (i, j - 1)))
            or not one.addresses.isdisjoint(other.addresses)
            or not one.devices.isdisjoint(other.devices)
            or not one.listed.isdisjoint(other.listed)
        )

    def bases(self, i: int, j: int) -> tuple[Basis, ...]:
        """What speaks for hops *i* and *j* being one router, the strongest first."""
        found = bases_of(self.mine[i], self.theirs[j])
        if self.linked(i, j):
            found.append((Basis.LINK, log(1 / odds.LINK_BY_CHANCE[True])))
        for basis, weight in (
            (Basis.ROUND_TRIP, self.geometry.odds(i, j, OUTLIERS_EXPECTED[0] / sum(OUTLIERS_EXPECTED))),
            (Basis.WAY_BACK, self.returns(i, j)),
        ):
            if weight > odds.NOTEWORTHY:
                found.append((basis, weight))
        ordered = tuple(basis for basis, _ in sorted(found, key=lambda pair: -pair[1]))
        return ordered if PROVING.intersection(ordered) else (*ordered, Basis.POSITION)
