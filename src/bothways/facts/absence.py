"""Whether a router that a way does not show is proven not to stand there, or only not seen.

Proven it is where the router answers in that direction elsewhere, on a control's way, and no silent hop is left to hide
it on the stretch where it could stand; or where the two hops around that stretch are the two ends of one link. A silent
hop elsewhere hides nothing: the stretch lies between the nearest routers that are known on the way and on those ways
that do show the router.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.path_report import HopReply
from bothways.facts.laid_out import is_pair
from bothways.facts.same_hops import Sighting, calls, end_of, fit, names, on, routers, row_of, seen_on
from bothways.facts.subject import Subject
from bothways.paths.alignment import ONE_WAY, Alignment
from bothways.paths.called import closeness, own_label
from bothways.paths.course import Course, Station
from bothways.paths.features import domain_of
from bothways.paths.links import are_one_link
from bothways.paths.model import Path
from bothways.paths.odds import CERTAIN
from bothways.paths.routers import same_device
from bothways.way import Way


class Absence(Struct, frozen=True, kw_only=True):
    """What is known of a router that a way does not show."""

    doubt: str
    """Why it may stand there all the same, as a clause; empty where it is proven not to."""

    proof: str = ""
    """What proves it, as a clause."""

    cites: tuple[Citation, ...] = ()


class _Stretch(Struct, frozen=True, kw_only=True):
    """The distances strictly between which the router would stand."""

    low: int
    high: int | None
    """None: up to the other end."""

    def __or__(self, other: "_Stretch") -> "_Stretch":
        """Both."""
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return _Stretch(low=min(self.low, other.low), high=high)


class _Search(Struct, frozen=True, kw_only=True):
    """One router, looked for on one way."""

    subject: Subject
    replies: tuple[HopReply, ...]
    way: Way

    @property
    def sightings(self) -> list[tuple[Course, Station]]:
        """What bears its name or address in the same direction, on controls' ways."""
        courses = self.subject.ways(self.way, control=True)
        return [(course, station) for course in courses if (station := seen_on(course, self.replies)) is not None]

    @property
    def elsewhere(self) -> list[tuple[Course, Station]]:
        """Where surely it answers in the same direction, as a router: a host that is asked itself answers, too."""
        return [(course, station) for course, station in self.sightings if self._is_at(course, station)]

    def _is_at(self, course: Course, station: Station) -> bool:
        end = end_of(self.subject, course)
        return (end is None or station.index < end) and all(
            fit(self.subject, Sighting(course=course, station=station), Sighting(course=own, station=shown))
            for own in self.subject.ways(self.way.other)
            if (shown := seen_on(own, self.replies)) is not None
        )

    def stretch(self, course: Course) -> _Stretch:
        """Where on *course* it would stand, by every way that shows it."""
        found = [*self._beside(course), *self._along(course)]
        whole = _Stretch(low=0, high=None)
        for one in found[1:]:
            found[0] |= one
        return found[0] if found else whole

    def _beside(self, course: Course) -> Iterator[_Stretch]:
        for alignment in self.subject.alignments:
            if course not in (alignment.there, alignment.back):
                continue
            other = alignment.back if course is alignment.there else alignment.there
            station = seen_on(other, self.replies)
            if station is not None:
                yield _between_pairs(alignment, station, course)

    def _along(self, course: Course) -> Iterator[_Stretch]:
        for control, station in self.sightings:
            at = control.stations.index(station)
            low = next(_common(reversed(control.stations[:at]), course), None)
            high = next(_common(control.stations[at + 1 :], course), None)
            if low is not None and high is not None and low.index >= high.index:
                low = high = None
            yield _Stretch(low=low.index if low else 0, high=high.index if high else None)


def _common(stations: Iterable[Station], course: Course) -> Iterator[Station]:
    """Where *course* meets *stations* of another way in the same direction."""
    for one in stations:
        found = seen_on(course, one.replies)
        if found is not None:
            yield found


def _between_pairs(alignment: Alignment, station: Station, course: Course) -> _Stretch:
    row = row_of(alignment, station)
    if row is None:
        return _Stretch(low=0, high=None)
    place = alignment.rows.index(row)
    before = [one for one in alignment.rows[:place] if is_pair(one)]
    after = [one for one in alignment.rows[place + 1 :] if is_pair(one)]
    nearest = [on(before[-1], course.way) if before else None, on(after[0], course.way) if after else None]
    low, high = nearest if course.way is Way.THERE else reversed(nearest)
    return _Stretch(low=low.index if low else 0, high=high.index if high else None)


def absence(subject: Subject, replies: Sequence[HopReply], way: Way) -> Absence:
    """Whether the router of *replies*, which no course of the case's own *way* shows, is proven not to stand on it."""
    search = _Search(subject=subject, replies=calls(subject, replies), way=way)
    shown = subject.ways(way)
    doubts = dict.fromkeys(doubt for course in shown for doubt in _doubts(search, course))
    elsewhere = search.elsewhere
    if not elsewhere and not all(_linked(search, course) for course in shown):
        doubts["nothing shows that it would answer on that way"] = None
    if doubts:
        return Absence(doubt=" and ".join(doubts))
    cites = tuple(cite for course in shown for cite in _cites(search, course))
    if not elsewhere:
        return Absence(doubt="", proof="the hops around the gap are the two ends of one link", cites=cites)
    _, station = elsewhere[0]
    proof = f"on a control's way {way} it answers as hop {station.index}, so it would have been seen"
    silent = sum(course.silent for course in shown)
    where = f"; the {silent} silent hops of that way lie elsewhere" if silent > 1 else ""
    where = "; the silent hop of that way lies elsewhere" if silent == 1 else where
    return Absence(doubt="", proof=proof + where, cites=(*cites, *station.cites()))


def _breaks_off(path: Path, whole: Sequence[Path], high: int | None) -> bool:
    """Whether *path* ends early on a way of its own, before the hop *high*.

    A trace by TCP ends where the connections themselves do; what another report shows at the same places goes on there.
    """
    last = path.last_answering()
    if path.reached is not False or (last is not None and high is not None and last.index >= high):
        return False
    return not any(_begins_like(path, other) for other in whole)


def _begins_like(path: Path, other: Path) -> bool:
    """Whether every hop that *path* shows is seen at the same distance by *other*."""
    shown = [hop for hop in path.hops if not hop.silent]
    at = {hop.index: hop for hop in other.hops}
    return bool(shown) and all(
        hop.index in at and any(same_device(one, two) for one in hop.replies for two in at[hop.index].replies)
        for hop in shown
    )


def _doubts(search: _Search, course: Course) -> Iterator[str]:
    """What could hide it on *course*, each as a clause."""
    stretch = search.stretch(course)
    listed = {station.index: station for station in routers(search.subject, course)}
    last = max(listed, default=0)
    within = range(stretch.low + 1, stretch.high or last + 1)
    silent = sum(index not in listed or listed[index].silent for index in within)
    if silent:
        yield f"{silent} silent hop{'s' * (silent > 1)} {_place(course, stretch)}could hide it"
    hidden = next((listed[index] for index in (*within, within.stop) if index in listed and listed[index].hidden), None)
    if hidden is not None:
        yield f"routers that answer nobody stand right before {hidden.label} and could hide it"
    whole = [path for other in search.subject.ways(search.way) for path in other.paths if path.reached is not False]
    if not listed or any(_breaks_off(path, whole, stretch.high) for path in course.paths):
        yield "the report ends before it reaches the other end"
    elif stretch.high is None and end_of(search.subject, course) is None:
        yield "nothing shows that the report reaches the other end"
    answering = [listed[index] for index in within if index in listed and not listed[index].silent]
    strangers = [station for station in answering if not _is_another(search, station)]
    if strangers:
        told = ", ".join(station.label for station in strangers[:2])
        yield f"{told} could be it under another address"


def _place(course: Course, stretch: _Stretch) -> str:
    at = {station.index: station.label for station in course.stations}
    if stretch.low in at and stretch.high in at:
        return f"between {at[stretch.low]} and {at[stretch.high]} "
    if stretch.low in at:
        return f"behind {at[stretch.low]} "
    return f"before {at[stretch.high]} " if stretch.high in at else ""


def _is_another(search: _Search, station: Station) -> bool:
    """Whether *station*, which is none of the router's known replies, is surely not the router."""
    if _named_apart(search.replies, station.replies):
        return True
    for alignment in search.subject.alignments:
        row = row_of(alignment, station)
        if row is None:
            continue
        if is_pair(row) or (row.kinship in ONE_WAY and row.confidence >= CERTAIN):
            return True
    if _goes_on_otherwise(search, station):
        return True
    # Who stands beside it on one way is another one.
    return any(seen_on(control, station.replies) for control, _ in search.elsewhere)


def _named_apart(one: Iterable[HopReply], other: Iterable[HopReply]) -> bool:
    """Whether names of one domain tell two devices; an interface may have its name from the neighbour's domain."""
    mine, others = names(one), names(other)
    if any(_is_part(name, second) or _is_part(second, name) for name in mine for second in others):
        return False
    domains = {domain_of(name.casefold()) for name in mine}
    return any(domain_of(name.casefold()) in domains for name in others)


def _is_part(name: str, other: str) -> bool:
    return closeness(HopReply(name=other, address=None), own_label(name)) is not None


def _goes_on_otherwise(search: _Search, station: Station) -> bool:
    """Whether the router behind *station* on the way back is another one than behind the router on a control's.

    Routers choose the next hop by the destination, and both ways lead to the client: from the router on they are one.
    """
    if search.way is Way.THERE:
        return False
    return any(
        _differ(*beyond)
        for control, place in search.elsewhere
        for course in search.subject.ways(search.way)
        if station in course.stations and (beyond := (_behind(course, station), _behind(control, place)))
    )


def _behind(course: Course, station: Station) -> tuple[HopReply, ...]:
    return next((one.replies for one in course.stations if one.index == station.index + 1), ())


def _differ(one: Sequence[HopReply], other: Sequence[HopReply]) -> bool:
    """Whether nobody who answers is the same, in the terms that all of them use: names, else addresses."""
    named = [{reply.name for reply in replies} for replies in (one, other)]
    numbered = [{reply.address for reply in replies} for replies in (one, other)]
    told = (pair for pair in (named, numbered) if all(pair) and None not in pair[0] | pair[1])
    first, second = next(told, (set(), {None}))
    return bool(first) and first.isdisjoint(second)


def _linked(search: _Search, course: Course) -> bool:
    """Whether the hops around the stretch follow each other, and are the two ends of one link."""
    stretch = search.stretch(course)
    at = {station.index: station for station in course.stations}
    if stretch.high != stretch.low + 1 or stretch.low not in at or stretch.high not in at:
        return False
    near = {reply.address for reply in calls(search.subject, at[stretch.low].replies) if reply.address}
    return any(are_one_link(one, reply.address) for one in near for reply in at[stretch.high].replies if reply.address)


def _cites(search: _Search, course: Course) -> tuple[Citation, ...]:
    stretch = search.stretch(course)
    around = [station for station in course.stations if station.index in (stretch.low, stretch.high)]
    return around[0].cites() if around else (course.paths[0].cite(course.paths[0].last_answering()),)
