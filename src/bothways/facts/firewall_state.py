"""What a stateful device remembers of the failing connections."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.evidence.session import Change, Session, SessionLog
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.units import SECOND, Duration, Instant
from bothways.way import Way
from bothways.wire.sequence import advance, distance


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
    FORGOTTEN = "forgotten"
    """It saw packets of both ways and gave its entry up; the client went on sending."""
    OLDER = "older"
    """It holds an entry of an older connection with the same addresses and ports."""


FIREWALL_STATE = Kind(
    id="firewall-state",
    asks="Which packets of the connection did the stateful device see?",
    family="state",
    answers=Remembered,
)


QUIET = Duration(3 * SECOND)
"""How long after its last record a log is still taken to have been kept: a connection that fails changes no entry."""


AT_ONCE = Duration(SECOND)
"""An entry whose time is over may be given up only when the next packet asks for it (Linux, nf_conntrack_core.c,
`nf_ct_gc_expired`): the change is reported just after that packet."""


class _Record(Struct, frozen=True, kw_only=True):
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
    """Records of *exchange* under any of the addresses that an observer saw it with.

    Where one device translates the client's and another the server's, the firewall between them knows it by one of
    each.
    """
    ends = set(product((seen.sides.client for seen in exchange.seen), (seen.sides.server for seen in exchange.seen)))
    for log in logs:
        for session in log.sessions:
            if session.protocol == "tcp" and session.original in ends:
                yield _Record(file=log.file, session=session)


def _of_exchange(subject: Subject, exchange: Exchange) -> Fact:
    records = list(_records(subject.sessions, exchange))
    if not records:
        return _no_entry(subject, exchange)
    replied = next((record for record in records if not record.session.unreplied), None)
    if replied is None:
        return _unreplied(subject, exchange, records[0])
    gone = _forgotten(records, exchange) or _older(subject, records, exchange)
    if gone is not None:
        return gone
    says = f"the firewall saw both ways (state {replied.session.state})"
    return _fact(Remembered.REPLIED, says, (replied.cite(),), Way.BACK)


def _unreplied(subject: Subject, exchange: Exchange, first: _Record) -> Fact:
    if not _reports_replies(subject.sessions) and not _reply_missed(exchange):
        return unknown(FIREWALL_STATE, NEW_ONLY)
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


def _forgotten(records: Sequence[_Record], exchange: Exchange) -> Fact | None:
    """The entry was given up, none was made after it, and packets of the client came later."""
    ended = [one for one in records if one.session.change is Change.DESTROY and one.session.at is not None]
    if not ended:
        return None
    last = max(ended, key=lambda one: one.session.at or 0)
    gone = last.session.at
    if gone is None or any(one.session.at is None or one.session.at > gone for one in records):
        return None
    for seen in sorted(exchange.seen, key=lambda seen: seen.observer.place is not Place.BETWEEN):
        acked = exchange.acknowledged(Way.THERE)
        unheard = (one for one in seen.there if one.payload and (acked is None or distance(acked, one.seq) >= 0))
        late = next((one for one in unheard if one.at > gone - AT_ONCE), None)
        if late is not None:
            says = f"the firewall gave its entry up (state {last.session.state}), and the client went on sending"
            fact = _fact(Remembered.FORGOTTEN, says, (last.cite(), *cite(seen, late)), Way.THERE)
            return replace(fact, sure=seen.observer.place is Place.BETWEEN)
    return None


def _older(subject: Subject, records: Sequence[_Record], exchange: Exchange) -> Fact | None:
    """All that the firewall recorded of these ports it recorded before the connection began, and gave nothing up.

    By the clock of a capture on the path: that of a distant host may be far from the firewall's.
    """
    own = next((seen for seen in exchange.seen if seen.observer.place is Place.BETWEEN and seen.sides.there.syns), None)
    begun = own.sides.there.first if own else None
    times = [one.session.at for one in records if one.session.change is not Change.LISTED]
    if own is None or begun is None or not times or any(at is None or at >= begun for at in times):
        return None
    if any(one.session.change is Change.DESTROY for one in records) or not _recorded_after(subject.sessions, begun):
        return None
    last = max(records, key=lambda one: one.session.at or 0)
    says = (
        f"the firewall holds an older connection of the same ports (state {last.session.state}), and made no new entry"
    )
    return _fact(Remembered.OLDER, says, (last.cite(), own.begins), Way.THERE)


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
    times = [session.at for log in subject.sessions for session in log.sessions if session.at is not None]
    # Best by the clock of a capture on the path: that of a distant host may be far from the firewall's.
    views = sorted(exchange.seen, key=lambda seen: seen.observer.place is not Place.BETWEEN)
    opened = [segment.at for segment in views[0].there if segment.is_syn]
    # Each SYN would make an entry, the first one's repeats too: one of them in the time of the records will do.
    if not times or not any(min(times) <= at <= max(times) for at in opened):
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
            # Of which of its connections, nothing tells: another client's may have been served.
            where = (Citation(file=log.file, line=replied.line),)
            return replace(_fact(Remembered.REPLIED, says, where, Way.BACK), sure=False)
        waiting = [session for session in mine if session.change in {Change.NEW, Change.LISTED}]
        if waiting and not _reports_replies(subject.sessions):
            return unknown(FIREWALL_STATE, NEW_ONLY)
        if waiting:
            cites = tuple(Citation(file=log.file, line=session.line) for session in waiting[:3])
            return _fact(Remembered.UNREPLIED, "the firewall saw no reply of this server", cites, Way.BACK)
    return unknown(FIREWALL_STATE, "the firewall's records do not mention the target")
