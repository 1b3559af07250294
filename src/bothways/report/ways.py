"""What a report says about the two ways: the rows of their picture and the sentences below it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.evidence.inventory import State
from bothways.paths.alignment import Basis, Kinship, Row
from bothways.paths.course import Course, Station
from bothways.paths.model import Told
from bothways.report.summary import WAYS
from bothways.report.text import clean, counted, listed, share
from bothways.report.ways_follow import Following, followings
from bothways.report.ways_stretches import Stretch, gist, sentence, stretches_of
from bothways.units import MILLISECOND, Duration
from bothways.way import Way

SURE = 0.9
"""Confidence from which a pair is drawn without a figure: nine in ten is what people call sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row of the picture: a router, on both ways or on one of them."""

    there: Cell | None
    back: Cell | None
    kinship: Kinship
    unsure: str
    """How likely the pair is right, where that is not nearly certain: `83 %`; else empty."""

    rests_on: str
    """On what the pair rests; empty where the hops do not pair."""

    opens: str = ""
    """What is said above it: where the ways part."""

    closes: str = ""
    """What is said above it: where they meet again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysPart:
    """The two ways between two ends."""

    heading: str
    client: str
    """The end above the first row, in words."""

    server: str
    there: bool
    """Whether a report shows the way there."""

    back: bool
    rows: tuple[RowLine, ...]
    """From the client to the server."""

    gist: str
    """Where the ways part, in one sentence."""

    says: tuple[str, ...]
    """What the picture means, and what it cannot tell."""

    beside: tuple[str, ...]
    """The few of them that stand beside a verdict."""

    details: tuple[str, ...]
    """Further sentences, where details are asked for."""

    follows: tuple[Following, ...]
    """What would follow for the causes if connections failed."""

    same: bool
    """Every router stands on both ways: no picture is needed where connections are spoken of."""


def ways_part(ways: WaysOf) -> WaysPart:
    """Put *ways* into words."""
    found = stretches_of(ways.alignment) if ways.alignment else ()
    lines = tuple(_rows(ways, found))
    return WaysPart(
        heading=_heading(ways),
        client=_end("client", ways.client, ways.back),
        server=_end("server", ways.server, ways.there),
        there=ways.there is not None,
        back=ways.back is not None,
        rows=lines,
        gist=gist(ways),
        says=tuple(clean(words) for words in _says(ways, found)),
        beside=tuple(clean(words) for words in (*_partings(ways, found), *_unfinished(ways), _silence(ways))),
        details=tuple(clean(words) for words in _details(ways)),
        follows=followings(ways),
        same=bool(lines) and all(line.kinship is Kinship.SAME for line in lines),
    )


def _heading(ways: WaysOf) -> str:
    ends = f"{clean(ways.client) or 'the client'} and {clean(ways.server) or 'the server'}"
    if ways.alignment:
        return f"The two ways between {ends}"
    return f"The way {'there' if ways.there else 'back'} between {ends}"


def _end(role: str, label: str, arriving: Course | None) -> str:
    """`client 10.65.238.2 (hop 9 of the way back)`."""
    words = f"{role} {clean(label)}".strip()
    if arriving is None or not arriving.stations:
        return words
    if arriving.reached:
        return f"{words} (hop {arriving.stations[-1].index} of {WAYS[arriving.way]})"
    return f"{words} (not seen at the end of {WAYS[arriving.way]})" if arriving.reached is False else words


def _rows(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[RowLine]:
    if ways.alignment is None:
        yield from _one_way(ways)
        return
    certain = [stretch for stretch in found if stretch.certain]
    parting = {id(stretch.rows[0]) for stretch in certain}
    meeting = {id(stretch.after) for stretch in certain}
    for row in ways.alignment.rows:
        yield RowLine(
            there=_cell(row.there, Way.THERE, ways.devices),
            back=_cell(row.back, Way.BACK, ways.devices),
            kinship=row.kinship,
            unsure=share(row.confidence) if row.kinship is Kinship.SAME and row.confidence < SURE else "",
            rests_on=listed([BASES[basis] for basis in row.bases]) if row.kinship is Kinship.SAME else "",
            opens="the ways part" if id(row) in parting else "",
            closes="they meet again" if id(row) in meeting else "",
        )


def _one_way(ways: WaysOf) -> Iterator[RowLine]:
    course = ways.there or ways.back
    if course is None:
        return
    mine = course.way is Way.THERE
    for station in course.routers if mine else reversed(course.routers):
        cell = _cell(station, course.way, ways.devices)
        yield RowLine(
            there=cell if mine else None,
            back=None if mine else cell,
            kinship=Kinship.UNTOLD,
            unsure="",
            rests_on="",
        )


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
}


def _says(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    yield from _told(ways)
    yield from _partings(ways, found)
    yield from _unfinished(ways)
    yield _silence(ways)
    yield from _about_devices(ways)
    yield from _left_out(ways)


def _partings(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    if ways.alignment is None:
        return
    told = [stretch for stretch in found if stretch.certain or stretch.answers]
    yield from (sentence(stretch, ways.alignment) for stretch in told[:MOST_STRETCHES])
    if len(told) > MOST_STRETCHES:
        yield f"{len(told) - MOST_STRETCHES} more such stretches are in the picture."
    if not found:
        yield f"Both ways pass the same {counted(len(ways.alignment.pairs), 'router')}."


MOST_STRETCHES = 4
"""Stretches that get a sentence each."""


def _told(ways: WaysOf) -> Iterator[str]:
    if ways.told is Told.ORDER:
        yield (
            "Nothing in the reports tells which way each of them goes: the first one named is taken for the way there "
            "(--path FILE=there or FILE=back decides)."
        )
    if ways.told is Told.HOPS:
        yield "Which way each report goes is told by the routers that they have in common alone."


def _unfinished(ways: WaysOf) -> Iterator[str]:
    for course in (ways.there, ways.back):
        if course is None or course.reached is not False:
            continue
        answering = [station for station in course.stations if not station.silent]
        ends = f"ends at hop {answering[-1].index}, {answering[-1].label}," if answering else "shows no answer at all"
        yield (
            f"The report of {WAYS[course.way]} {ends} and does not reach the other end. Its probes are no "
            "connections: this alone does not say that TCP fails."
        )


UNSEEN = "what lowers no TTL (a bridge, a transparent firewall) shows in no path report"


def _silence(ways: WaysOf) -> str:
    silent = [(course.silent, WAYS[course.way]) for course in (ways.there, ways.back) if course and course.silent]
    if not silent:
        return f"Every hop that the reports list answered; {UNSEEN}."
    told = listed([f"{counted(number, 'silent hop')} on {way}" for number, way in silent])
    return f"{told} could hide a device each; {UNSEEN}."


def _about_devices(ways: WaysOf) -> Iterator[str]:
    for device in ways.devices:
        stands = listed([f"hop {index} {way}" for way in Way if (index := device.index(way)) is not None])
        weak = ", which is weak: names lie (--firewall NAME says it for sure)" if device.by_name_only else ""
        because = listed(list(dict.fromkeys(reason.because for reason in device.recognitions)))
        yield f"{device.label} ({stands}) is taken for {KEEPS[device.keeps]} because {because}{weak}."


KEEPS = {
    State.FIREWALL: "a stateful firewall",
    State.TRANSLATOR: "a device that translates addresses",
    State.BALANCER: "a load balancer",
    State.OTHER: "a stateful device",
}


def _left_out(ways: WaysOf) -> Iterator[str]:
    for course in ways.earlier:
        yield f"{course.paths[0].report.file}: {WAYS[course.way]} was another one before, and is not drawn."
    for stray in ways.strays[:MOST_STRAYS]:
        yield f"{stray.report.file} is left out: it {stray.why}."
    if len(ways.strays) > MOST_STRAYS:
        yield f"{len(ways.strays) - MOST_STRAYS} more reports are left out, too."


MOST_STRAYS = 3
"""Reports that are left out and named."""


def _details(ways: WaysOf) -> Iterator[str]:
    if ways.alignment is None:
        return
    rests = Counter(row.bases[0] for row in ways.alignment.pairs if row.bases)
    if rests:
        told = listed([f"{BASES[basis]} ({number})" for basis, number in rests.most_common()])
        yield f"The pairs rest on {told}."
    yield from (_pair(row) for row in ways.alignment.pairs)


def _pair(row: Row) -> str:
    there, back = row.there, row.back
    bases = listed([BASES[basis] for basis in row.bases])
    named = f"{there.label if there else ''} is hop {there.index if there else 0} there"
    beside = "" if there and back and there.label == back.label else f", as {back.label if back else ''}"
    return f"{named} and hop {back.index if back else 0} back{beside}: by {bases}, {share(row.confidence)}."
