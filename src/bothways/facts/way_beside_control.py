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
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.one_way_routers import are_named, distances_of, listed, only_of, whole
from bothways.facts.subject import Subject
from bothways.paths.model import Path
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
    mine, control = whole(subject, Way.THERE), [path for path in subject.paths if _is_control(path)]
    if not mine or not control:
        return unknown(WAY_BESIDE_CONTROL, "the way there and that of a control are not both reported hop by hop")
    through = _control_through_firewall(subject)
    if through is None:
        return unknown(
            WAY_BESIDE_CONTROL, "no firewall is seen to pass a control both ways and the target's reply only"
        )
    here, there = distances_of(mine), distances_of(control)
    if not all(are_named(replies) for replies in (*here, *there)):
        return unknown(WAY_BESIDE_CONTROL, "the reports do not name every hop, and addresses differ by the way")
    only_here, only_there = only_of(here, there), only_of(there, here)
    if only_here:
        answer, says = Beside.OTHERS, f"the way there passes {listed(only_here)}, the control's way does not"
    elif only_there:
        answer = Beside.FEWER
        says = f"the control's way there passes every router of the target's, and {listed(only_there)} besides"
    else:
        answer, says = Beside.SAME, "the control's way there passes the same routers"
    cites = (mine[0].cite(), control[0].cite(), through.begins)
    return Fact(kind=WAY_BESIDE_CONTROL, answer=answer, says=says, way=Way.THERE, cites=cites)


def _is_control(path: Path) -> bool:
    return path.way is Way.THERE and path.control and len(path.hops) > 1 and not path.silent


def _control_through_firewall(subject: Subject) -> Seen | None:
    """A connection elsewhere that worked, as the firewall saw both ways of it that saw one way of the target's."""
    halves = {id(seen.observer) for item in subject.exemplars for seen in item.seen if _sees_reply_only(seen)}
    working = (item for other in subject.neighbours for item in other.exchanges if item.outcome is Outcome.WORKED)
    return next(
        (seen for item in working for seen in item.seen if id(seen.observer) in halves and _sees_both(seen)), None
    )


def _sees_reply_only(seen: Seen) -> bool:
    """Nothing of the client's; a reset in its name may be the firewall's own answer to the reply."""
    there = (segment for segment in seen.segments(Way.THERE) if not segment.is_reset)
    return seen.observer.place is Place.BETWEEN and bool(seen.sides.back.packets) and next(there, None) is None


def _sees_both(seen: Seen) -> bool:
    return bool(seen.sides.back.packets and seen.sides.there.packets)
