"""What a capture can be trusted to show: absence is evidence only where the observer would have shown the packet.

A capture may have been told to keep some packets only, may stand where one way passes, and may miss packets. None of
that is written in most files; it is inferred from what is missing although TCP cannot do without it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.outcome import PATIENCE, SEVERAL, measures_path
from bothways.connections.packet_class import PacketClass
from bothways.connections.sides import Sides
from bothways.connections.ttl import untouched
from bothways.evidence.capture import ConnectionRow, Survey, WayCounters
from bothways.units import between
from bothways.way import Way
from bothways.wire.sequence import distance


class Shows(StrEnum):
    """Whether a capture would show packets of some class."""

    YES = "yes"
    PERHAPS = "perhaps"
    """It shows none, and nothing tells whether it was told not to."""
    NO = "no"


class Keeps(StrEnum):
    """Which packets of TCP a capture holds, by the flags that tcpdump's filters usually ask for."""

    EVERYTHING = "everything"
    SYNS = "only SYNs"
    """`tcp[tcpflags] == tcp-syn`."""
    OPENINGS = "only packets with SYN"
    """`tcp[tcpflags] & tcp-syn != 0`."""
    EDGES = "only packets with SYN, FIN or RST"
    """`tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0`."""
    CONTENT = "only packets with payload"
    NO_BARE_ACKS = "no bare ACKs"


_SHOWN: dict[Keeps, frozenset[PacketClass]] = {
    Keeps.SYNS: frozenset({PacketClass.SYN}),
    Keeps.OPENINGS: frozenset({PacketClass.SYN, PacketClass.SYN_ACK}),
    Keeps.EDGES: frozenset({PacketClass.SYN, PacketClass.SYN_ACK, PacketClass.FIN, PacketClass.RESET}),
    Keeps.CONTENT: frozenset({PacketClass.DATA}),
    Keeps.NO_BARE_ACKS: frozenset(PacketClass) - {PacketClass.ACK},
    Keeps.EVERYTHING: frozenset(PacketClass),
}
"""From the narrowest to the widest; the first that holds all that is in a capture says what it keeps."""

ENOUGH = 3
"""Connections that lack the same packets: one may be odd, three are a rule."""

LOSSY = 0.01
"""Share of packets missed from which a single absent one says little."""


class Quality(Struct, frozen=True, kw_only=True):
    """What one capture can be trusted to show."""

    keeps: Keeps = Keeps.EVERYTHING
    certain: bool = True
    """Whether that it keeps no more is proven, by its own word or by what TCP cannot do without."""

    blind: frozenset[Way] = frozenset()
    """Ways of which it shows nothing although the other way acknowledges what came along them."""

    tcp: bool = False
    """Whether it holds any TCP at all."""

    misses: float = 0.0
    """Share of packets that it missed, 0 to 1, as far as the file or what was acknowledged unseen tells."""

    copies: int = 0
    """Packets that it holds twice."""

    @property
    def lossy(self) -> bool:
        """Whether it missed so many packets that a single absent one says little."""
        return self.misses >= LOSSY

    def shows(self, way: Way, kind: PacketClass) -> Shows:
        """Whether it would show packets of *kind* on *way* if they passed."""
        if way in self.blind:
            return Shows.NO
        if kind in _SHOWN[self.keeps]:
            return Shows.YES
        return Shows.NO if self.certain else Shows.PERHAPS

    def why_not(self, way: Way, kind: PacketClass) -> str:
        """Why it does not, or perhaps not, show packets of *kind* on *way*, as a clause about "the capture"."""
        if way in self.blind:
            return f"sees nothing of the way {way}"
        seems = "holds" if self.certain else "may have been told to keep"
        return f"{seems} {self.keeps}, so that {kind}s would not show"


WHOLE = Quality()
"""A capture without flaws."""


def quality_of(survey: Survey, sides: Sequence[Sides]) -> Quality:
    """Judge one capture by itself; *sides* are its connections, or enough of them."""
    keeps = _kept(survey)
    return Quality(
        keeps=keeps,
        certain=keeps is Keeps.EVERYTHING or survey.filter is not None or _proven(keeps, survey, sides),
        blind=_blind(sides),
        tcp=survey.tcp_packets > 0,
        misses=_misses(survey),
        copies=sum(row.stands_for * (row.sent.duplicates + row.received.duplicates) for row in survey.rows),
    )


def together(qualities: Sequence[Quality]) -> tuple[Quality, ...]:
    """The captures of one case: who took several gave them all the same filter, or none.

    So a capture that holds SYNs only is one that was told to where another one certainly was, and one that met nothing
    else where another one holds more. By itself it leaves that open.
    """
    proven = [_SHOWN[one.keeps] for one in qualities if one.keeps is not Keeps.EVERYTHING and one.certain]
    unfiltered = any(one.keeps is Keeps.EVERYTHING and one.tcp for one in qualities)
    return tuple(_settled(one, proven, unfiltered=unfiltered) for one in qualities)


def _settled(one: Quality, proven: Sequence[frozenset[PacketClass]], *, unfiltered: bool) -> Quality:
    if one.certain:
        return one
    if any(_SHOWN[one.keeps] <= kept for kept in proven):
        return replace(one, certain=True)
    return replace(one, keeps=Keeps.EVERYTHING, certain=True) if unfiltered else one


def _ways(survey: Survey) -> Iterable[WayCounters]:
    return (counters for row in survey.rows for counters in (row.sent, row.received))


_LOOKS_INSIDE = re.compile(r"\[|\b(?:less|greater|len)\b", re.ASCII)
"""How a filter asks for flags (`tcp[13]`, `tcp[tcpflags]`) or sizes: it has no other words for it (pcap-filter(7))."""


def _kept(survey: Survey) -> Keeps:
    """The narrowest usual filter that would leave what the capture holds.

    What is no TCP shows that no filter asked for TCP's flags; so does a filter by addresses and ports in its own words.
    """
    present = _present(survey)
    if survey.filter is not None and _LOOKS_INSIDE.search(survey.filter) is None:
        return Keeps.EVERYTHING
    others = survey.packets > survey.tcp_packets and survey.filter is None
    if not present or others:
        return Keeps.EVERYTHING
    return next(keeps for keeps, shown in _SHOWN.items() if present <= shown)


_COUNTS: dict[PacketClass, Callable[[WayCounters], int]] = {
    PacketClass.SYN: attrgetter("syns"),
    PacketClass.SYN_ACK: attrgetter("syn_acks"),
    PacketClass.ACK: attrgetter("bare_acks"),
    PacketClass.DATA: attrgetter("data"),
    PacketClass.FIN: attrgetter("fins"),
    PacketClass.RESET: attrgetter("resets"),
}


def _present(survey: Survey) -> frozenset[PacketClass]:
    return frozenset(kind for kind, count in _COUNTS.items() if any(map(count, _ways(survey))))


def _proven(keeps: Keeps, survey: Survey, sides: Sequence[Sides]) -> bool:
    """Whether packets that are not there must have passed: TCP cannot do without them."""
    connections = [side for side in sides if not measures_path(side)]
    match keeps:
        case Keeps.EVERYTHING:
            return True
        case Keeps.SYNS | Keeps.OPENINGS:
            left_alone = sum(_opened_and_quiet(side, survey) for side in connections)
            return left_alone >= ENOUGH or any(_must_have_answered(side, survey) for side in connections)
        case Keeps.EDGES:
            return any(_closed_unanswered(side) or _unseen_bytes(side) for side in connections)
        case Keeps.CONTENT | Keeps.NO_BARE_ACKS:
            return sum(side.there.data > 0 and side.back.data > 0 for side in connections) >= SEVERAL


def _must_have_answered(side: Sides, survey: Survey) -> bool:
    """A SYN+ACK came to the client, which is the sender of an untouched SYN, and its kernel answers with ACK or RST."""
    at_client = untouched(side.there.ttl) is True and untouched(side.back.ttl) is False
    return at_client and side.there.syns == 1 and side.back.syn_acks > 0 and _ran_on(side, survey)


def _opened_and_quiet(side: Sides, survey: Survey) -> bool:
    """Nobody repeats anything: the handshake went on, unseen."""
    return side.there.syns == 1 and side.back.syn_acks <= 1 and _ran_on(side, survey)


def _ran_on(side: Sides, survey: Survey) -> bool:
    lasts = [last for last in (side.there.last, side.back.last) if last is not None]
    return survey.end is not None and bool(lasts) and between(max(lasts), survey.end) >= PATIENCE


def _closed_unanswered(side: Sides) -> bool:
    """Both ends closed, once each: somebody acknowledged that."""
    return side.there.fins == 1 and side.back.fins == 1


def _unseen_bytes(side: Sides) -> bool:
    return any(
        way.isn is not None and way.end is not None and distance(way.isn, way.end) > 1 + way.payload + way.fins
        for way in (side.there, side.back)
    )


def _blind(sides: Sequence[Sides]) -> frozenset[Way]:
    """Ways that no connection shows although some acknowledge what came along them."""
    found = set()
    if any(side.blind_there for side in sides) and not any(side.there.packets for side in sides):
        found.add(Way.THERE)
    if any(side.blind_back for side in sides) and not any(side.back.packets for side in sides):
        found.add(Way.BACK)
    return frozenset(found)


def _unopened(row: ConnectionRow) -> bool:
    ways = ((row.sent, row.received), (row.received, row.sent))
    return any(opening.syns and not (answer.syn_acks or answer.payload) for opening, answer in ways)


def _misses(survey: Survey) -> float:
    """By the file's own word, or else by the bytes that were acknowledged and never seen.

    A connection of which one way is out of view, or that was open at the start, tells nothing; nor does one whose SYN
    no SYN+ACK answers: an ACK that does acknowledges an older one of the same ports (RFC 5961 section 4.2).
    """
    if survey.dropped:
        return survey.dropped / (survey.dropped + survey.packets)
    seen = unseen = 0
    for row in survey.rows:
        if row.sent.packets and row.received.packets and not _unopened(row):
            seen += row.stands_for * (row.sent.payload + row.received.payload)
            unseen += row.stands_for * (row.sent.missed + row.received.missed)
    return unseen / (seen + unseen) if unseen else 0.0
