"""What a stateful device remembers of the failing connections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.evidence.session import Change, Session, SessionLog
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.units import SECOND, Duration, Instant
from bothways.way import Way
from bothways.wire.sequence import advance


class Remembered(StrEnum):
    """What the device knows of a connection that fails."""

    BYPASSED = "bypassed"
    """No reply seen, although the client acknowledges one: the reply passed elsewhere."""
    UNREPLIED = "unreplied"
    """No reply seen; whether there was one is not known."""
    REPLIED = "replied"
    """It saw packets of both ways."""
    NO_ENTRY = "no-entry"
    """It knows nothing of the connection though it kept records meanwhile."""


FIREWALL_STATE = Kind(
    id="firewall-state",
    asks="Which packets of the connection did the stateful device see?",
    family="state",
    answers=Remembered,
)


QUIET = Duration(3 * SECOND)
"""How long after its last record a log is still taken to have been kept: a connection that fails changes no entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    file: str
    session: Session

    def cite(self) -> Citation:
        return Citation(file=self.file, line=self.session.line)


def firewall_state(subject: Subject) -> Fact:
    """What connection tracking says of the failing connections, taken together with what the client acknowledges."""
    if not subject.sessions:
        return unknown(FIREWALL_STATE, "no connection-tracking records of a firewall are at hand")
    if not subject.exemplars:
        return _of_address(subject)
    facts = [_of_exchange(subject, exchange) for exchange in subject.exemplars]
    if any(fact.answer is Remembered.REPLIED for fact in facts):
        return agreed(facts)
    # "No reply, though there was one" says all that "no reply" says.
    bypassed = [fact for fact in facts if fact.answer is Remembered.BYPASSED]
    return agreed(bypassed or facts)


def _fact(answer: Remembered, says: str, cites: tuple[Citation, ...], way: Way | None = None) -> Fact:
    return Fact(kind=FIREWALL_STATE, answer=answer, says=says, way=way, vantage="firewall", cites=cites)


def _records(logs: Sequence[SessionLog], exchange: Exchange) -> Iterator[_Record]:
    """Records of *exchange* under any of the addresses that an observer saw it with."""
    ends = {(seen.sides.client, seen.sides.server) for seen in exchange.seen}
    for log in logs:
        for session in log.sessions:
            if session.protocol == "tcp" and session.original in ends:
                yield _Record(file=log.file, session=session)


def _of_exchange(subject: Subject, exchange: Exchange) -> Fact:
    records = list(_records(subject.sessions, exchange))
    if not records:
        return _no_entry(subject, exchange)
    replied = next((record for record in records if not record.session.unreplied), None)
    if replied is not None:
        says = f"the firewall saw both ways (state {replied.session.state})"
        return _fact(Remembered.REPLIED, says, (replied.cite(),), Way.BACK)
    if not _reports_replies(subject.sessions) and not _reply_missed(exchange):
        return unknown(FIREWALL_STATE, NEW_ONLY)
    first = records[0]
    state = f"{first.session.state} [UNREPLIED]"
    proof = _acknowledgement(exchange)
    if proof is None:
        return _fact(Remembered.UNREPLIED, f"the firewall saw no reply (state {state})", (first.cite(),), Way.BACK)
    seen, ack, offer = proof
    if not _recorded_after(subject.sessions, ack.at):
        says = f"the firewall saw no reply as far as its records go (state {state})"
        return _fact(Remembered.UNREPLIED, says, (first.cite(),), Way.BACK)
    valid = "with the server's own sequence number" if offer else "of a server that it must have heard"
    where = "arrive at" if seen.observer.place is Place.BETWEEN else "are sent through"
    says = f"the firewall shows {state}, while ACKs {valid} {where} it: the reply passed elsewhere"
    return _fact(Remembered.BYPASSED, says, (first.cite(), *cite(seen, ack)), Way.BACK)


NEW_ONLY = "the firewall's records hold new entries only, and perhaps were told to: a reply would not show in them"


def _reports_replies(logs: Sequence[SessionLog]) -> bool:
    """Whether the records are such as would show a reply: a listing, or events of more kinds than new entries."""
    return any(session.change is not Change.NEW for log in logs for session in log.sessions)


def _reply_missed(exchange: Exchange) -> bool:
    """Whether a capture in mid-path shows the client acknowledge a reply that did not pass there."""
    return any(seen.observer.place is Place.BETWEEN and seen.sides.blind_back for seen in exchange.seen)


def _acknowledgement(exchange: Exchange) -> tuple[Seen, Segment, bool] | None:
    """An ACK of the client that proves that it heard the server.

    Best as it arrives in mid-path, and whether it is valid.
    """
    isn = next((seen.sides.back.isn for seen in exchange.seen if seen.sides.back.isn is not None), None)
    for seen in sorted(exchange.seen, key=lambda seen: seen.observer.place is not Place.BETWEEN):
        for segment in seen.there:
            if segment.is_syn or segment.is_reset or not segment.ack:
                continue
            if isn is not None and segment.ack != advance(isn, 1):
                continue
            return seen, segment, isn is not None
    return None


def _recorded_after(logs: Sequence[SessionLog], moment: Instant) -> bool:
    """Whether records were still kept after *moment*.

    A listing without times was printed by somebody who looked later.
    """
    times = [session.at for log in logs for session in log.sessions if session.at is not None]
    return not times or max(times) + QUIET >= moment


def _no_entry(subject: Subject, exchange: Exchange) -> Fact:
    """Absence needs a log that ran before and after."""
    begun = exchange.seen[0].sides.there.first
    times = [session.at for log in subject.sessions for session in log.sessions if session.at is not None]
    if begun is None or not times or not min(times) <= begun <= max(times):
        return unknown(FIREWALL_STATE, "the firewall's records do not show whether they were kept at that time")
    says = "the firewall kept records before and after, and has none of this connection"
    where = Citation(file=subject.sessions[0].file)
    return _fact(Remembered.NO_ENTRY, says, (where,))


def _of_address(subject: Subject) -> Fact:
    """Without captures: what the table says of the target's address and port."""
    server = subject.server
    for log in subject.sessions:
        mine = [session for session in log.sessions if session.protocol == "tcp" and session.original[1] == server]
        replied = next((session for session in mine if not session.unreplied), None)
        if replied is not None:
            says = f"the firewall saw both ways (state {replied.state})"
            return _fact(Remembered.REPLIED, says, (Citation(file=log.file, line=replied.line),), Way.BACK)
        waiting = [session for session in mine if session.change in {Change.NEW, Change.LISTED}]
        if waiting and not _reports_replies(subject.sessions):
            return unknown(FIREWALL_STATE, NEW_ONLY)
        if waiting:
            cites = tuple(Citation(file=log.file, line=session.line) for session in waiting[:3])
            return _fact(Remembered.UNREPLIED, "the firewall saw no reply of this server", cites, Way.BACK)
    return unknown(FIREWALL_STATE, "the firewall's records do not mention the target")
