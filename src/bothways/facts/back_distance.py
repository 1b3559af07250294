"""Whether the way back is shorter or longer than the way there: an estimate from all that tells, with its range.

Packets and replies arrive with what is left of their TTL; with which one they left, a capture at the sender shows, or
it has to be guessed among the usual ones. A report of the way counts its hops itself. The Internet is asymmetric, and
devices may send packets anew or leave their TTL as it is: this settles nothing.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Seen
from bothways.connections.observer import Place
from bothways.connections.ttl import INITIAL_TTLS, initial_ttl
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.same_hops import end_of
from bothways.facts.subject import Subject, seen_at
from bothways.paths.comparing import is_translated
from bothways.paths.course import Course
from bothways.way import Way


class Length(StrEnum):
    """The way back against the way there."""

    SHORTER = "shorter"
    AS_LONG = "as-long"
    LONGER = "longer"


BACK_DISTANCE = Kind(
    id="back-distance",
    asks="Is the way back shorter or longer than the way there?",
    family="ttl",
    answers=Length,
    decisive=False,
)

FARTHEST = 40
"""Routers beyond which a guess of the initial TTL is not believed: ways of more than thirty hops are very rare."""


class Estimate(Struct, frozen=True, kw_only=True):
    """How many routers a way has, by one source."""

    low: int
    high: int | None
    """None: nobody knows how many more."""

    by: str
    """`by the report of that way`."""

    cite: Citation


def back_distance(subject: Subject) -> Fact:
    """Combine what tells the number of routers back, and compare it with that of the way there."""
    there, back = (tuple(_estimates(subject, way)) for way in Way)
    for way, found in ((Way.THERE, there), (Way.BACK, back)):
        if not found:
            ambiguous = any(_is_ambiguous(ttl) for ttl in _arrived(subject, way))
            doubt = ": no usual initial TTL is near those with which its packets arrive" if ambiguous else ""
            return unknown(BACK_DISTANCE, f"nothing tells how many routers the way {way} has{doubt}")
    mine, others = _together(there), _together(back)
    noun = "router" if mine == (1, 1) else "routers"
    says = f"{_said(mine)} {noun} there ({_sources(there)}), {_said(others)} back ({_sources(back)})"
    answer = _compared(mine, others)
    if answer is None:
        return unknown(BACK_DISTANCE, f"{says}: that tells not which way is longer")
    cites = tuple(dict.fromkeys(one.cite for one in (*there, *back)))
    return Fact(kind=BACK_DISTANCE, answer=answer, says=says, way=Way.BACK, cites=cites)


_Range = tuple[int, int | None]


def _together(found: Sequence[Estimate]) -> _Range:
    """What all sources agree on; where they contradict each other, all from the least to the most."""
    low = max(one.low for one in found)
    highs = [one.high for one in found if one.high is not None]
    high = min(highs, default=None)
    if high is None or low <= high:
        return low, high
    return min(one.low for one in found), None if len(highs) < len(found) else max(highs)


def _contradict(found: Sequence[Estimate]) -> bool:
    highs = [one.high for one in found if one.high is not None]
    return bool(highs) and max(one.low for one in found) > min(highs)


def _compared(there: _Range, back: _Range) -> Length | None:
    if back[1] is not None and back[1] < there[0]:
        return Length.SHORTER
    if there[1] is not None and back[0] > there[1]:
        return Length.LONGER
    is_exact = there[0] == there[1] == back[0] == back[1]
    return Length.AS_LONG if is_exact else None


def _said(number: _Range) -> str:
    low, high = number
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def _sources(found: Sequence[Estimate]) -> str:
    """By what; where the sources contradict each other, what each of them says."""
    if not _contradict(found):
        return ", ".join(dict.fromkeys(one.by for one in found))
    told = ", ".join(f"{_said((one.low, one.high))} {one.by}" for one in found)
    return f"contradictory: {told}"


def _estimates(subject: Subject, way: Way) -> Iterator[Estimate]:
    yield from _by_captures(subject, way)
    for course in subject.ways(way):
        yield from _by_its_report(subject, course)
    for course in subject.ways(way.other):
        yield from _by_replies(subject, course)


def _by_its_report(subject: Subject, course: Course) -> Iterator[Estimate]:
    end = end_of(subject, course)
    last = course.last_answering()
    path = course.paths[0]
    if end is not None and course.way is Way.BACK and _to_translator(subject, course):
        by = "by its report, which may end at what translates the client's address"
        yield Estimate(low=end - 1, high=None, by=by, cite=path.cite(path.last_answering()))
    elif end is not None:
        yield Estimate(low=end - 1, high=end - 1, by="by the report of that way", cite=path.cite(path.last_answering()))
    elif course.likely_end is not None:
        by = "by its report, of which nothing shows that it reaches the other end"
        yield Estimate(low=course.likely_end - 1, high=None, by=by, cite=path.cite(path.last_answering()))
    elif last is not None:
        by = "by its report, which ends early"
        yield Estimate(low=last.index, high=None, by=by, cite=path.cite(path.last_answering()))


def _to_translator(subject: Subject, back: Course) -> bool:
    return any(is_translated(there, back) for there in subject.ways(Way.THERE))


def _by_replies(subject: Subject, course: Course) -> Iterator[Estimate]:
    """The other end's replies to probes of *course* come the other way."""
    end = end_of(subject, course)
    lines = [line for one in course.stations if one.index == end for line in one.sightings]
    for (path, hop), reply in ((line, reply) for line in lines for reply in line[1].replies):
        if reply.back is not None and 0 < reply.back <= FARTHEST:
            count = reply.back - 1
            yield Estimate(low=count, high=count, by="by the tool's own count for the replies", cite=path.cite(hop))
        elif reply.reply_ttl is not None and not _is_ambiguous(reply.reply_ttl):
            count = initial_ttl(reply.reply_ttl) - reply.reply_ttl
            yield Estimate(low=count, high=count, by="by the TTL of the replies", cite=path.cite(hop))


def _by_captures(subject: Subject, way: Way) -> Iterator[Estimate]:
    """What arrives at the end of *way*: exact where the other end's capture shows what it left with."""
    for exchange in subject.exemplars[:1]:
        near, far = (seen_at(exchange, place) for place in _ends(way))
        arrived = _ttl(far, way)
        if far is None or arrived is None:
            continue
        left = _ttl(near, way)
        if left is not None and left >= arrived:
            yield Estimate(low=left - arrived, high=left - arrived, by="by the captures at both ends", cite=far.begins)
        elif left is None and not _is_ambiguous(arrived):
            count = initial_ttl(arrived) - arrived
            by = f"by the TTL {arrived} in the capture, taken for {initial_ttl(arrived)} at first"
            yield Estimate(low=count, high=count, by=by, cite=far.begins)


def _ends(way: Way) -> tuple[Place, Place]:
    """Where *way* begins and ends."""
    return (Place.CLIENT, Place.SERVER) if way is Way.THERE else (Place.SERVER, Place.CLIENT)


def _ttl(seen: Seen | None, way: Way) -> int | None:
    """With which TTL packets of *way* are seen; None where there are none, or resets, which any device may send."""
    if seen is None:
        return None
    counted = seen.sides.there if way is Way.THERE else seen.sides.back
    return counted.ttl if counted.packets > counted.resets else None


def _arrived(subject: Subject, way: Way) -> list[int]:
    """The TTLs with which packets of *way* arrive at its end."""
    seen = (seen_at(exchange, _ends(way)[1]) for exchange in subject.exemplars[:1])
    return [ttl for one in seen if (ttl := _ttl(one, way)) is not None]


def _is_ambiguous(ttl: int) -> bool:
    """Whether no usual initial TTL lies so little above *ttl* that a guess is worth anything."""
    return all(not 0 <= initial - ttl <= FARTHEST for initial in INITIAL_TTLS)
