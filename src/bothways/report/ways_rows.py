"""The rows of the picture of two ways: what stands at each distance, and what joins it with the other way."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.paths.alignment import Basis, Kinship, Proof, Row
from bothways.paths.course import Station
from bothways.paths.odds import CERTAIN
from bothways.report.text import clean, listed, share
from bothways.report.ways_stretches import Stretch
from bothways.units import MILLISECOND, Duration
from bothways.way import Way


class Cell(Struct, frozen=True, kw_only=True):
    """One hop as it stands in the picture."""

    index: int
    label: str
    """Name, else address; empty where nobody answered."""

    address: str
    """Beside a name; empty where it is unknown or the label already."""

    more: int
    """Further routers that answered at the same distance."""

    stateful: bool
    trip: str
    """The best round trip; empty where none was measured."""

    @property
    def silent(self) -> bool:
        """Nobody answered at this distance."""
        return not self.label


class RowLine(Struct, frozen=True, kw_only=True):
    """One row of the picture: a router, on both ways or on one of them."""

    there: Cell | None
    back: Cell | None
    kinship: Kinship
    likeliest: Kinship
    """What it is most likely, whether or not that can be told."""

    unsure: str
    """How likely that is, of two hops that are not nearly certainly one router: `83 %`; else empty."""

    rests_on: str
    """On what the pair rests; empty where the hops do not pair."""

    opens: str = ""
    """What is said above it: where the ways part."""

    closes: str = ""
    """What is said above it: where they meet again."""


def rows_of(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[RowLine]:
    """The rows of *ways*, from the client to the server; *found*: the stretches between its pairs."""
    told = [stretch for stretch in found if stretch.parts and (stretch.before or stretch.after)]
    parting = {id(stretch.rows[0]): f"the ways {stretch.parts}" for stretch in told}
    meeting = {id(stretch.after) for stretch in told}
    for row in ways.rows:
        yield RowLine(
            there=_cell(row.there, Way.THERE, ways.devices),
            back=_cell(row.back, Way.BACK, ways.devices),
            kinship=row.kinship,
            likeliest=Kinship.UNTOLD if _is_beyond(row) else row.likeliest,
            unsure=share(row.confidence) if _is_unsure_pair(row) else "",
            rests_on=listed([BASES[basis] for basis in row.bases]) if row.kinship is Kinship.SAME else "",
            opens=parting.get(id(row), ""),
            closes="they meet again" if id(row) in meeting else "",
        )


def _is_beyond(row: Row) -> bool:
    """Whether the report of the other way ends before it could show this hop."""
    return row.absence is not None and row.absence.why is Proof.UNENDED


def _is_unsure_pair(row: Row) -> bool:
    """Whether a pair is drawn with a figure: facts are not measured on it."""
    if row.there is None or row.back is None:
        return False
    perhaps = row.kinship is Kinship.UNTOLD and row.likeliest is Kinship.SAME
    return perhaps or (row.kinship is Kinship.SAME and row.confidence < CERTAIN)


def _cell(station: Station | None, way: Way, devices: Sequence[Device]) -> Cell | None:
    if station is None:
        return None
    addresses = {reply.address for reply in station.replies if reply.address}
    names = {reply.name for reply in station.replies if reply.name}
    label = station.name or station.address or ""
    trips = [min(reply.round_trips) for reply in station.replies if reply.round_trips]
    return Cell(
        index=station.index,
        label=clean(label),
        address=clean(station.address or "") if station.name and station.address != station.name else "",
        more=max(len(addresses), len(names), 1) - 1,
        stateful=any(device.index(way) == station.index for device in devices),
        trip=_trip(min(trips)) if trips else "",
    )


def _trip(best: Duration) -> str:
    """In milliseconds to the tenth, as the tools print them."""
    tenths = round(best * 10 / MILLISECOND)
    return f"{tenths / 10:.1f} ms" if tenths else "<0.1 ms"


BASES = {
    Basis.ADDRESS: "the same address",
    Basis.NAME: "the same name",
    Basis.INTERFACE_NAME: "names that differ in the interface only",
    Basis.LINK: "addresses of two ends of a link",
    Basis.ROUND_TRIP: "round trips",
    Basis.POSITION: "their place between other pairs",
    Basis.INVENTORY: "your inventory",
    Basis.NETWORK: "one network by your address database",
    Basis.WAY_BACK: "the hops that the replies came back",
}
