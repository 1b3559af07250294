"""Whether ICMP errors quote packets as they were sent: what differs was rewritten before the hop that quotes.

A router returns the beginning of the packet that it gave up (RFC 792; RFC 1812 section 4.3.2.3), as it got it. Devices
that translate addresses put those back in the quote (RFC 5508 section 4.2); sequence numbers and options they mostly
leave. Who makes errors up must guess a number: what lies outside of all that was sent, no router can have got from here
(RFC 5927 section 4.1), and TCP passes it over (Linux net/ipv4/tcp_ipv4.c, tcp_v4_err).
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.packet_class import PacketClass
from bothways.connections.quality import Shows
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject
from bothways.way import Way
from bothways.wire.sequence import advance, distance, earlier, later


class Quoted(StrEnum):
    """What the quotes show of the packets that they are about."""

    AS_SENT = "as-sent"
    """Every quoted number was sent, and no quoted SYN announces another segment size."""
    OTHER_ADDRESS = "other-address"
    """The quote names an address that the sender does not have: a translator before the router left its own in it, and
    the sender's TCP knows of no such connection."""
    OTHER_NUMBER = "other-number"
    """The very packet by its identification, with a sequence number that it did not have when it passed here."""
    OTHER_MSS = "other-mss"
    """A SYN that announces another maximum segment size than it did here."""
    NEVER_SENT = "never-sent"
    """Numbers of no packet that the sender's own capture shows: rewritten beyond recognition, or made up."""


ICMP_QUOTE = Kind(
    id="icmp-quote",
    asks="Do ICMP errors quote the packets as they were sent?",
    family="rewriting",
    answers=Quoted,
    # Another kind of evidence that a device rewrites, which a stranger can forge.
    decisive=False,
)


LOOKED_AT = 16
"""Errors with strange numbers that are compared with all that was sent; a stranger can send any number of them."""


def icmp_quote(subject: Subject) -> Fact:
    """What the errors about the failing connections quote, against what their capture shows of the same way."""
    measured = [fact for exchange in subject.exemplars for fact in _in(exchange)]
    if not measured:
        return unknown(ICMP_QUOTE, "no ICMP error quotes a packet whose way is in view", moot=True)
    return agreed(measured)


def _in(exchange: Exchange) -> list[Fact]:
    """What the first observer says that saw errors, for each way that they are about."""
    for seen in exchange.seen:
        found = [fact for way in Way if (fact := _of(seen, way)) is not None]
        if found:
            return found
    return []


def never_sent(seen: Seen, way: Way, error: IcmpError) -> bool:
    """Whether *error* quotes a number of *way* that its sender's own capture never shows, as far as that can tell."""
    sent = _sent(seen, way)
    if not _is_told_by(seen, way) or not _opens(sent) or error.seq is None:
        return False
    return not _span(sent).holds(error.seq) and _same_packet(error, sent) is None


def _sent(seen: Seen, way: Way) -> list[Segment]:
    """The packets of *way* with the numbers that they had in their frames."""
    sender = seen.sides.client if way is Way.THERE else seen.sides.server
    return [segment for segment in seen.packets.segments if segment.source == sender] if seen.packets else []


def _opens(sent: Sequence[Segment]) -> bool:
    return any(segment.is_syn or segment.is_syn_ack for segment in sent)


def _is_told_by(seen: Seen, way: Way) -> bool:
    """Whether the observer stands beside the sender, and certainly shows all that it sends."""
    place = Place.CLIENT if way is Way.THERE else Place.SERVER
    quality = seen.observer.quality
    shows = quality.shows(way, PacketClass.DATA)
    return seen.observer.place is place and seen.observer.sure and shows is Shows.YES and not quality.lossy


def _of(seen: Seen, way: Way) -> Fact | None:
    sent = _sent(seen, way)
    sender = seen.sides.client if way is Way.THERE else seen.sides.server
    errors = [error for error in seen.errors if error.source == sender and error.seq is not None]
    if not errors or not _opens(sent):
        return None
    foreign = next((error for error in errors if error.translated is not None), None)
    if foreign is not None:
        says = f"{foreign.reporter} quotes a packet of {foreign.translated}, which {foreign.source} sent"
        return _fact(Quoted.OTHER_ADDRESS, says, seen, way, (foreign,))
    span = _span(sent)
    strange = [error for error in errors if not span.holds(error.seq)][:LOOKED_AT]
    return _of_other_number(seen, way, strange, sent) if strange else _of_same_number(seen, way, errors, sent)


def _of_other_number(seen: Seen, way: Way, strange: Sequence[IcmpError], sent: Sequence[Segment]) -> Fact:
    """*strange* quote numbers that were not sent here."""
    for error in strange:
        twin = _same_packet(error, sent)
        if twin is not None:
            says = f"{error.reporter} quotes the packet with sequence number {error.seq}, which left as {twin.seq}"
            return _fact(Quoted.OTHER_NUMBER, says, seen, way, (error, twin))
    if not _is_told_by(seen, way):
        return unknown(ICMP_QUOTE, "the capture may have missed what the errors quote")
    first, vantage = strange[0], seen.observer.vantage
    says = f"{first.reporter} quotes sequence number {first.seq}, which the {vantage}'s capture never shows"
    return _fact(Quoted.NEVER_SENT, says, seen, way, (first, sent[0]))


def _of_same_number(seen: Seen, way: Way, errors: Sequence[IcmpError], sent: Sequence[Segment]) -> Fact:
    """*errors* quote numbers that were sent."""
    clamped = next((error for error in errors if _announced_otherwise(error, sent)), None)
    if clamped is None:
        return _fact(Quoted.AS_SENT, _as_sent(errors, sent), seen, way, errors)
    opening = next(segment for segment in sent if segment.options.mss is not None)
    left = opening.options.mss
    says = f"{clamped.reporter} quotes the SYN with an MSS of {clamped.quoted_mss}, it left with {left}"
    return _fact(Quoted.OTHER_MSS, says, seen, way, (clamped, opening))


class _Span(Struct, frozen=True, kw_only=True):
    """The numbers of all that one end sent, its repeats and the pieces that a network card cuts included."""

    first: int
    end: int
    resets: frozenset[int]
    """Resets may have any number."""

    def holds(self, quoted: int | None) -> bool:
        """Whether *quoted* is among them."""
        number = quoted or 0
        return number in self.resets or 0 <= distance(self.first, number) <= distance(self.first, self.end)


def _span(sent: Sequence[Segment]) -> _Span:
    first, end = sent[0].seq, _end(sent[0])
    for segment in sent:
        first, end = earlier(first, segment.seq), later(end, _end(segment))
    return _Span(first=first, end=end, resets=frozenset(segment.seq for segment in sent if segment.is_reset))


def _end(segment: Segment) -> int:
    return advance(segment.seq, segment.payload + int(segment.is_syn or segment.is_syn_ack) + int(segment.is_fin))


def _same_packet(error: IcmpError, sent: Sequence[Segment]) -> Segment | None:
    """The only packet of the quoted identification; hosts give many the same 0 (RFC 6864 section 4.1)."""
    if not error.quoted_ip_id:
        return None
    alike = [segment for segment in sent if segment.ip_id == error.quoted_ip_id and segment.at <= error.at]
    return alike[0] if len(alike) == 1 else None


def _announced_otherwise(error: IcmpError, sent: Sequence[Segment]) -> bool:
    announced = {segment.options.mss for segment in sent if segment.is_syn or segment.is_syn_ack}
    return error.quoted_mss is not None and None not in announced and error.quoted_mss not in announced


def _as_sent(errors: Sequence[IcmpError], sent: Sequence[Segment]) -> str:
    first = errors[0]
    lost = sent[0].ttl - first.quoted_ttl
    away = f", {lost} hops from here" if lost >= 0 else ""
    return f"{first.reporter}{away}, quotes what was sent ({len(errors)} ICMP errors)"


def _fact(answer: Quoted, says: str, seen: Seen, way: Way, shown: Sequence[IcmpError | Segment]) -> Fact:
    cites = tuple(dict.fromkeys(seen.cite(packet) for packet in (shown[0], shown[-1])))
    return Fact(kind=ICMP_QUOTE, answer=answer, says=says, way=way, vantage=seen.observer.vantage, cites=cites)
