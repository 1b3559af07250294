"""The way there beside that of a control which works and passes, both ways, the firewall that the reply came to.

What the firewall that meets a SYN+ACK without its SYN proves is that the SYN came by another way. Whether another
stateful device stands there is told by a control: where it passes every router that the target's way there passes, and
works, none of these drops what it saw one half of. Presence proves this, not absence; and the router that only the
control passes answers probes, so that it would have been seen on the target's way.
"""

from enum import StrEnum

from bothways.connections.exchange import Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import Outcome
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.one_way_routers import listed
from bothways.facts.same_hops import Sighting, calls, end_of, fit, names, routers, seen_on
from bothways.facts.subject import Subject
from bothways.paths.course import Course, Station
from bothways.way import Way


class Beside(StrEnum):
    """How the way there differs from that of a control through the firewall."""

    FEWER = "fewer"
    """The control passes every router of the way there, and another one."""
    OTHERS = "others"
    """The way there passes a router that the control's way does not."""
    SAME = "same"


WAY_BESIDE_CONTROL = Kind(
    id="way-beside-control",
    asks="Does the way there pass routers that the way of a control through the firewall does not?",
    family="path-difference",
    answers=Beside,
)


def way_beside_control(subject: Subject) -> Fact:
    """Compare the two ways there, where a firewall saw no SYN of the target and both halves of the control."""
    mine = [course for course in subject.ways(Way.THERE) if _is_whole(subject, course)]
    controls = subject.ways(Way.THERE, control=True)
    if not mine or not controls:
        return unknown(WAY_BESIDE_CONTROL, "the way there is not reported hop by hop, or that of a control not at all")
    through = _control_through_firewall(subject)
    if through is None:
        return unknown(
            WAY_BESIDE_CONTROL, "no firewall is seen to pass a control both ways and the target's reply only"
        )
    return agreed([_beside(subject, course, control, through) for course in mine for control in controls])


def _beside(subject: Subject, mine: Course, control: Course, through: Seen) -> Fact:
    only_here, only_there = _unmatched(subject, mine, control), _unmatched(subject, control, mine)
    known_there = [station for station in only_there if not station.silent]
    if only_here:
        if not (_is_whole(subject, control) and all(names(station.replies) for station in (*only_here, *only_there))):
            return unknown(WAY_BESIDE_CONTROL, f"{listed(only_here)} may or may not stand on the control's way, too")
        answer, says = Beside.OTHERS, f"the way there passes {listed(only_here)}, the control's way does not"
    elif known_there:
        answer = Beside.FEWER
        says = f"the control's way there passes every router of the target's, and {listed(known_there)} besides"
    elif _is_whole(subject, control):
        answer, says = Beside.SAME, "the control's way there passes the same routers"
    else:
        return unknown(WAY_BESIDE_CONTROL, "the control's way there has silent hops, which may be anything")
    cites = (mine.paths[0].cite(), control.paths[0].cite(), through.begins)
    return Fact(kind=WAY_BESIDE_CONTROL, answer=answer, says=says, way=Way.THERE, cites=cites)


def _unmatched(subject: Subject, course: Course, other: Course) -> list[Station]:
    """The routers of *course* that the *other* one in the same direction does not show; silent ones among them."""
    return [one for one in routers(subject, course) if not _shows(subject, other, Sighting(course=course, station=one))]


def _shows(subject: Subject, other: Course, mine: Sighting) -> bool:
    """Whether the *other* course passes the router of *mine*, and not a namesake."""
    found = seen_on(other, calls(subject, mine.station.replies))
    return found is not None and fit(subject, mine, Sighting(course=other, station=found))


def _is_whole(subject: Subject, course: Course) -> bool:
    """Whether every hop up to the other end answered."""
    end = end_of(subject, course)
    shown = {station.index for station in course.stations if not station.silent}
    return end is not None and end > 1 and shown.issuperset(range(1, end))


def _control_through_firewall(subject: Subject) -> Seen | None:
    """A connection elsewhere that worked, as the firewall saw both ways of it that saw one way of the target's."""
    halves = {id(seen.observer) for item in subject.exemplars for seen in item.seen if _sees_reply_only(seen)}
    others = (*subject.neighbours, *subject.controls)
    working = (item for other in others for item in other.exchanges if item.outcome is Outcome.WORKED)
    return next(
        (seen for item in working for seen in item.seen if id(seen.observer) in halves and _sees_both(seen)), None
    )


def _sees_reply_only(seen: Seen) -> bool:
    """Nothing of the client's; a reset in its name may be the firewall's own answer to the reply."""
    there = (segment for segment in seen.segments(Way.THERE) if not segment.is_reset)
    return seen.observer.place is Place.BETWEEN and bool(seen.sides.back.packets) and next(there, None) is None


def _sees_both(seen: Seen) -> bool:
    return bool(seen.sides.back.packets and seen.sides.there.packets)
