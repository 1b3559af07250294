"""By what the connection's ACK is stopped: the firewall's state, its state and another's, or the flag alone.

The ACK of a connection is set beside two neighbours. The connection's own SYN once more: a firewall that holds the
connection for established treats it as it treats the ACK, one that never saw the SYN+ACK still takes it for an
opening. And an ACK of no connection: a rule against ACKs stops it too, and so does a firewall that lets nothing begin
with an ACK; one that does, and still stops the connection's own ACK, stops it for what it knows of the connection.
"""

from enum import StrEnum

from bothways.evidence.citation import Citation
from bothways.evidence.probing import Sends
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.probe_runs import Run, Stop, on_one_path, passes, stop_of
from bothways.facts.probe_words import called, hop
from bothways.facts.probes_inside import Inside, Tried, inside_stop, tried
from bothways.facts.subject import Subject
from bothways.way import Way


class StoppedBy(StrEnum):
    """What the device goes by that stops the ACK."""

    UNSEEN_REPLY = "unseen-reply"
    """The connection's SYN passes, and so do ACKs of no connection: the device knows the connection, and as one that
    has no answer yet."""
    ESTABLISHED = "established"
    """The connection's own SYN, which passed once, is stopped as well, where fresh SYNs pass: it counts as
    established."""
    ACK_FLAG = "ack-flag"
    """ACKs of no connection are stopped, too, though the same device passes those to another address."""
    FLAG_OR_STATE = "flag-or-state"
    """ACKs of no connection are stopped, too, and nothing tells whether the device passes any."""


STOPPED_BY = Kind(id="stopped-by", asks="By what is the ACK stopped?", family="probes", answers=StoppedBy)


def stopped_by(subject: Subject) -> Fact:
    """What tells the connection's ACK from what passes the same device."""
    found = inside_stop(subject)
    if found is None or found[0] is not Inside.ACK_STOPS:
        why = "no probe shows that the connection's ACK is stopped on its way"
        return unknown(STOPPED_BY, why, moot=found is not None)
    stop, of = found[1], tried(subject)
    again = next((run for run in of.of(Sends.INSIDE_SYN) if run.flow == stop.of.flow), None)
    if again is None:
        return unknown(STOPPED_BY, "the connection's SYN was not sent again")
    if passes(again, stop.missing):
        return _by_strays(subject, stop, again, of)
    return _established(subject, stop, again, of)


def _established(subject: Subject, stop: Stop, again: Run, of: Tried) -> Fact:
    stops = [found for other in of.of(Sends.SYN) if (found := stop_of(again, other, of.crowd)) is not None]
    same = [found for found in stops if found.passed == stop.passed]
    if not same:
        return unknown(STOPPED_BY, "how far the connection's SYN comes when it is sent again is not clear")
    shown = next((found for found in same if found.sure), same[0])
    says = (
        f"the connection's own SYN, sent again, stops behind {hop(subject, again, stop.passed)} as its ACK does, where "
        "fresh SYNs pass"
    )
    return _fact(StoppedBy.ESTABLISHED, says, (*stop.cites()[:2], *shown.cites()), sure=stop.sure and shown.sure)


def _by_strays(subject: Subject, stop: Stop, again: Run, of: Tried) -> Fact:
    strays = [run for run in of.of(Sends.STRAY_ACK) if _goes_along(run, stop, again)]
    beyond = next((run for run in strays if run.farthest >= stop.missing), None)
    last = hop(subject, stop.of, stop.passed)
    if beyond is not None:
        says = (
            f"behind {last}, where the connection's ACK stops, its SYN passes and so do ACKs of no connection: the "
            "device stops the ACK for what it knows of the connection"
        )
        cites = (*stop.cites()[:2], *_beyond(again, stop), *_beyond(beyond, stop))
        return _fact(StoppedBy.UNSEEN_REPLY, says, cites, sure=stop.sure and _known_beyond(beyond, again, stop))
    stops = [
        found for run in strays if (found := stop_of(run, again, of.crowd)) is not None and found.passed == stop.passed
    ]
    if not stops:
        return unknown(STOPPED_BY, "whether ACKs of no connection pass where the connection's own stops is not known")
    return _strays_stop(subject, stop, next((found for found in stops if found.sure), stops[0]), again)


def _strays_stop(subject: Subject, stop: Stop, stray: Stop, again: Run) -> Fact:
    control = _control(subject, stop, again)
    last = hop(subject, stop.of, stop.passed)
    cites = (*stop.cites()[:2], *stray.cites())
    sure = stop.sure and stray.sure
    if control is None:
        says = f"behind {last} ACKs of no connection stop as the connection's own do"
        return _fact(StoppedBy.FLAG_OR_STATE, says, cites, sure=sure)
    says = (
        f"behind {last} ACKs of no connection stop as the connection's own do, where {called(control)} to "
        f"{control.destination} pass"
    )
    sure = sure and _known_beyond(control, again, stop)
    return _fact(StoppedBy.ACK_FLAG, says, (*cites, *_beyond(control, stop)), sure=sure)


def _goes_along(run: Run, stop: Stop, again: Run) -> bool:
    """Whether *run* passes the routers before and, as far as they answer it, behind the device as the connection."""
    return on_one_path(run, again, stop.passed) and on_one_path(run, again, stop.missing)


def _control(subject: Subject, stop: Stop, again: Run) -> Run | None:
    """Probes with stray ACKs to another address that pass the same two routers."""
    others = (run for run in tried(subject).controls if run.sends is Sends.STRAY_ACK)
    passing = (
        run
        for run in others
        if run.destination.address != subject.server.address
        and run.farthest >= stop.missing
        and _goes_along(run, stop, again)
    )
    return next((run for run in passing if _known_beyond(run, again, stop)), None)


def _known_beyond(run: Run, again: Run, stop: Stop) -> bool:
    """Whether *run* is certainly seen at the routers on both sides of the device, by their addresses."""
    sides = [distance for distance in (stop.passed, stop.missing) if distance]
    return all(run.senders(distance) & again.senders(distance) for distance in sides)


def _beyond(run: Run, stop: Stop) -> tuple[Citation, ...]:
    distance = next(far for far in run.at if far >= stop.missing and run.answered(far))
    return run.cite(*run.answered(distance)[:1])


def _fact(answer: StoppedBy, says: str, cites: tuple[Citation, ...], *, sure: bool) -> Fact:
    return Fact(kind=STOPPED_BY, answer=answer, says=says, way=Way.THERE, vantage="client", cites=cites, sure=sure)
