"""The two halves of a tap: two captures of one place, each of which shows only one way.

Content tells that two captures complement each other, and never that they were taken at one place: a tap of the way
there at the client and one of the way back at the server do so, too. Names or the user must say the place.
"""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from bothways.connections.ttl import INITIAL_TTLS
from bothways.evidence.capture import ConnectionRow, Survey, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.units import SECOND, Instant

NEARLY_ALL = 0.95
"""Share of connections from which a capture is of one way: a tap may have been moved, and broadcasts go both ways."""

SHARED = 0.5
"""Share of the smaller half's connections that the other one must show, too; what fails often has one way only."""

AN_ANSWER = SECOND
"""What one half may lie behind the other: where it holds little, what answers comes after all that is answered."""

_Ends = tuple[Endpoint, Endpoint]


class Match(Enum):
    """How two halves fit together."""

    NONE = "none"
    ERRORS = "errors"
    """One holds no TCP at all, at most errors about what the other one shows: nothing but their names can join them."""
    FITS = "fits"
    """Each shows what the other lacks, with one clock."""
    CLOCKS = "clocks"
    """They would fit, if their clocks did not contradict each other: answers stand before what they answer."""
    BESIDE_BOTH = "beside both"
    """They would fit, if not each had been taken beside the sender of its way: two places, or no router between."""


class Half(Struct, frozen=True, kw_only=True):
    """A capture that shows only one way of nearly all its connections."""

    sent: dict[_Ends, WayCounters]
    """By sender and receiver, of the latest connection between them; empty where the way holds no TCP."""

    first: Instant
    last: Instant


def half_of(survey: Survey) -> Half | None:
    """What one half of a tap shows; None of a capture that shows both ways, or nothing."""
    if survey.first is None or survey.last is None:
        return None
    if not survey.rows and survey.tcp_packets:
        return None
    ways = [way for row in survey.rows if (way := _only_way(row)) is not None]
    halves = sum(row.stands_for for row in survey.rows if _only_way(row) is not None)
    if halves < NEARLY_ALL * survey.connections:
        return None
    return Half(sent=dict(ways), first=survey.first, last=survey.last)


def _only_way(row: ConnectionRow) -> tuple[_Ends, WayCounters] | None:
    if row.sent.packets and not row.received.packets:
        return (row.opener, row.other), row.sent
    if row.received.packets and not row.sent.packets:
        return (row.other, row.opener), row.received
    return None


def match(one: Half, other: Half) -> Match:
    """Whether each of two halves shows the packets that the other lacks, of the same connections at the same time."""
    overlap = min(one.last, other.last) - max(one.first, other.first)
    if overlap + AN_ANSWER < SHARED * min(one.last - one.first, other.last - other.first):
        return Match.NONE
    if not one.sent or not other.sent:
        return Match.ERRORS if one.sent or other.sent else Match.NONE
    shared = [ends for ends in one.sent if ends[::-1] in other.sent]
    same_way = sum(ends in other.sent for ends in one.sent)
    smaller = min(len(one.sent), len(other.sent))
    if not shared or len(shared) < SHARED * smaller or same_way > (1 - NEARLY_ALL) * len(shared):
        return Match.NONE
    pairs = [(one.sent[ends], other.sent[ends[::-1]]) for ends in shared]
    handshakes = [
        answer.first >= opening.first
        for pair in pairs
        for opening, answer in (pair, pair[::-1])
        if opening.syns and answer.syn_acks and opening.first is not None and answer.first is not None
    ]
    if sum(handshakes) < NEARLY_ALL * len(handshakes):
        return Match.CLOCKS
    return Match.BESIDE_BOTH if all(_untouched(way) for way in zip(*pairs, strict=True)) else Match.FITS


def _untouched(ways: Iterable[WayCounters]) -> bool:
    """Whether most packets of a way still carry a usual initial TTL."""
    ttls = Counter(way.ttl in INITIAL_TTLS for way in ways if way.ttl is not None)
    return bool(ttls) and ttls.most_common(1)[0][0]
