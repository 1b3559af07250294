"""The two ways of a path laid side by side: which hops there and back are the same router.

The addresses of a router differ by the way from which it is asked: packets enter by different interfaces, and some
systems answer from the interface by which the answer leaves. So routers are compared, never addresses alone.
"""

from dataclasses import dataclass
from enum import StrEnum

from bothways.paths.course import Course, Station
from bothways.paths.routers import same_device, same_router


class Kinship(StrEnum):
    """What is known of the hops in one row."""

    SAME = "same"
    """One router, on both ways."""
    ONLY_THERE = "only-there"
    """A router of the way there that is none of the way back's."""
    ONLY_BACK = "only-back"
    UNTOLD = "cannot-tell"
    """It may or may not stand on the other way, too."""


class Basis(StrEnum):
    """On what a pair rests."""

    ADDRESS = "address"
    NAME = "name"
    INTERFACE_NAME = "interface-name"
    """Names that differ in the interface's label only."""
    LINK = "link"
    """Addresses of the two ends of one link."""
    ROUND_TRIP = "round-trip"
    """Round trips from both ends add up to that of the whole path."""
    POSITION = "position"
    """What lies between two pairs is as long on both ways."""
    INVENTORY = "inventory"
    """The user's own list of devices."""
    NETWORK = "network"
    """Both addresses belong to one autonomous system by the user's database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the two ways side by side."""

    there: Station | None
    back: Station | None
    """Of at least one way there is a station."""

    kinship: Kinship
    confidence: float
    """That `kinship` is right, 0 to 1; of what cannot be told, how sure the likeliest reading is."""

    bases: tuple[Basis, ...] = ()
    """On what a pair rests, the strongest first; empty in rows of one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """A stretch on which the two ways pass different routers."""

    before: Row | None
    """The last pair on the client's side of it: where the way there leaves the way back. None: the client itself."""

    after: Row | None
    """The first pair on the server's side; None: the server itself."""

    there: tuple[Station, ...]
    """What the way there passes in between, silent hops included, from the client's side to the server's."""

    back: tuple[Station, ...]
    """What the way back passes in between, also from the client's side to the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A way there and a way back, side by side."""

    there: Course
    back: Course
    rows: tuple[Row, ...]
    """From the client to the server: each station of both ways once; the two hosts at the ends are not among them."""

    @property
    def pairs(self) -> tuple[Row, ...]:
        """The rows of routers that stand on both ways."""
        return tuple(row for row in self.rows if row.kinship is Kinship.SAME)

    @property
    def detours(self) -> tuple[Detour, ...]:
        """The stretches between pairs where a router stands on one way only, from the client's side on."""
        found, before, between = [], None, list[Row]()
        for row in (*self.rows, None):
            if row is not None and row.kinship is not Kinship.SAME:
                between.append(row)
                continue
            if any(one.kinship is not Kinship.UNTOLD for one in between):
                found.append(_detour(before, row, between))
            before, between = row, []
        return tuple(found)

    def of(self, station: Station) -> Row:
        """The row in which *station* stands. Raises KeyError where it is none of these ways'."""
        for row in self.rows:
            if station in (row.there, row.back):
                return row
        raise KeyError(station.label)


def _detour(before: Row | None, after: Row | None, between: list[Row]) -> Detour:
    return Detour(
        before=before,
        after=after,
        there=tuple(row.there for row in between if row.there),
        back=tuple(row.back for row in between if row.back),
    )


def align(there: Course, back: Course) -> Alignment:
    """Lay a way *there* and a way *back* between the same two ends side by side."""
    mine, others = list(there.routers), list(reversed(back.routers))
    rows, at = list[Row](), 0
    for station in mine:
        match = next((n for n in range(at, len(others)) if _basis(station, others[n])), None)
        if match is None:
            rows.append(_alone(there=station))
            continue
        rows += [_alone(back=other) for other in others[at:match]]
        basis = _basis(station, others[match])
        bases = (basis,) if basis else ()
        rows.append(Row(there=station, back=others[match], kinship=Kinship.SAME, confidence=0.99, bases=bases))
        at = match + 1
    rows += [_alone(back=other) for other in others[at:]]
    return Alignment(there=there, back=back, rows=tuple(rows))


def _alone(*, there: Station | None = None, back: Station | None = None) -> Row:
    return Row(there=there, back=back, kinship=Kinship.UNTOLD, confidence=0.5)


def _basis(one: Station, other: Station) -> Basis | None:
    pairs = [(mine, theirs) for mine in one.replies for theirs in other.replies]
    if any(mine.address is not None and mine.address == theirs.address for mine, theirs in pairs):
        return Basis.ADDRESS
    if any(same_router(mine, theirs) for mine, theirs in pairs):
        return Basis.NAME
    return Basis.INTERFACE_NAME if any(same_device(mine, theirs) for mine, theirs in pairs) else None
