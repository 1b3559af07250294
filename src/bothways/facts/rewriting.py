"""What was rewritten on the way: how the same packets differ at the observers nearest to the two ends.

Translation of addresses is every day's business and no fault. A device that rewrites sequence numbers must see both
ways: where one way passes it by, the client gets a SYN+ACK that acknowledges a number which it never sent, and resets
(RFC 9293 section 3.10.7.3).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.rewriting import Rewriting, columns_kept
from bothways.evidence.segment import Flags, Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.strange_blocks import strangers
from bothways.facts.subject import Subject, cite
from bothways.way import Way
from bothways.wire.sequence import advance
from bothways.wire.tcp import option_name

LOOKED_AT = 3
"""Connections that are compared where none failed."""

MOST_ALIKE = 16
"""Acknowledgements of one number that are compared with each other: of many losses one repeats it for each packet."""


class Addresses(StrEnum):
    """Whose address or port was rewritten."""

    NONE = "none"
    SOURCE = "source"
    DESTINATION = "destination"
    BOTH = "both"


class Sequence(StrEnum):
    """Whose sequence numbers were rewritten."""

    NONE = "none"
    CLIENT = "client"
    SERVER = "server"
    BOTH = "both"
    ONE_WAY = "one-way"
    """Those of one way, and not the acknowledgements that come back."""


class Mss(StrEnum):
    """What became of the announced maximum segment sizes."""

    KEPT = "kept"
    LOWERED = "lowered"
    RAISED = "raised"


class Options(StrEnum):
    """What became of the other options of the handshake."""

    KEPT = "kept"
    TIMESTAMPS_STRIPPED = "timestamps-stripped"
    TIMESTAMPS_CHANGED = "timestamps-changed"
    SACK_STRIPPED = "sack-stripped"
    SCALE_CHANGED = "scale-changed"
    """The window scale was changed, removed or added."""
    OTHER_STRIPPED = "other-stripped"
    """Another option was taken out: Fast Open, MPTCP, or one that has no name here."""
    SEVERAL = "several"


class Blocks(StrEnum):
    """Selective acknowledgements beyond a device that rewrites sequence numbers."""

    CONSISTENT = "consistent"
    NOT_REWRITTEN = "not-rewritten"
    """They name numbers that mean other bytes, or none, to who receives them."""


_FAMILY = "rewriting"
ADDRESSES_REWRITTEN = Kind(
    id="addresses-rewritten", asks="Whose address does a device rewrite?", family=_FAMILY, answers=Addresses
)
SEQUENCE_REWRITTEN = Kind(
    id="sequence-rewritten", asks="Whose sequence numbers does a device rewrite?", family=_FAMILY, answers=Sequence
)
MSS_REWRITTEN = Kind(
    id="mss-rewritten", asks="Does a device rewrite the maximum segment size?", family=_FAMILY, answers=Mss
)
OPTIONS_REWRITTEN = Kind(
    id="options-rewritten", asks="Does a device rewrite the handshake's options?", family=_FAMILY, answers=Options
)
SACK_BLOCKS = Kind(
    id="sack-blocks",
    asks="Are selective acknowledgements rewritten with the sequence numbers?",
    family="sack-blocks",
    answers=Blocks,
)


def _over_all(subject: Subject, kind: Kind, measure: Callable[[Rewriting], Fact]) -> Fact:
    """What the connections say together that two observers saw."""
    exchanges = subject.exemplars or subject.connections[:LOOKED_AT]
    views = [Rewriting(up=one.seen[0], down=one.seen[-1]) for one in exchanges if len(one.seen) > 1]
    if not views:
        return unknown(kind, "it takes two observers of one connection to see what was rewritten between them")
    return agreed([measure(view) for view in views])


def _between(view: Rewriting) -> str:
    return f"between {view.up.observer.vantage} and {view.down.observer.vantage}"


def _beginnings(view: Rewriting, way: Way) -> tuple[Segment, Segment] | None:
    """The first SYN or SYN+ACK of *way* at both, the sender's side first; None where one of the two shows none."""
    found = [_beginning(seen, way) for seen in (view.up, view.down)]
    if found[0] is None or found[1] is None:
        return None
    return (found[0], found[1]) if way is Way.THERE else (found[1], found[0])


def _beginning(seen: Seen, way: Way) -> Segment | None:
    return next((segment for segment in seen.segments(way) if segment.is_syn or segment.is_syn_ack), None)


def _fact(kind: Kind, answer: StrEnum, says: str, view: Rewriting) -> Fact:
    """A fact about *view* that cites how the connection begins at both."""
    shown = [
        (
            seen,
            [segment for way in Way if (segment := _beginning(seen, way)) is not None] or [*seen.there, *seen.back][:1],
        )
        for seen in (view.up, view.down)
    ]
    cites = tuple(place for seen, segments in shown for place in cite(seen, *segments))
    return Fact(kind=kind, answer=answer, says=says, cites=cites)


def addresses_rewritten(subject: Subject) -> Fact:
    """Whose address or port differs at the observers nearest to the two ends."""
    return _over_all(subject, ADDRESSES_REWRITTEN, _addresses)


def _addresses(view: Rewriting) -> Fact:
    client, server = view.client, view.server
    if client is None and server is None:
        says = f"addresses and ports are the same {_between(view)}"
        return _fact(ADDRESSES_REWRITTEN, Addresses.NONE, says, view)
    said = [f"{ends[0]} became {ends[1]}" for ends in (client, server) if ends is not None]
    answer = Addresses.BOTH if client and server else Addresses.SOURCE if client else Addresses.DESTINATION
    return _fact(ADDRESSES_REWRITTEN, answer, f"{_between(view)}, {' and '.join(said)}", view)


def sequence_rewritten(subject: Subject) -> Fact:
    """Whose initial sequence number differs at the two, or is acknowledged to the client as another."""
    for exchange in subject.exemplars:
        fact = _acknowledged_as_another(exchange)
        if fact is not None:
            return fact
    return _over_all(subject, SEQUENCE_REWRITTEN, _sequence)


def _acknowledged_as_another(exchange: Exchange) -> Fact | None:
    """The first observer's SYN+ACKs all acknowledge what none of its SYNs asks for."""
    seen = exchange.seen[0]
    syns = [segment for segment in seen.there if segment.is_syn]
    offers = [segment for segment in seen.back if segment.is_syn_ack]
    asked = {advance(segment.seq, 1 + size) for segment in syns for size in {0, segment.payload}}
    if not syns or not offers or any(offer.ack in asked for offer in offers):
        return None
    return Fact(
        kind=SEQUENCE_REWRITTEN,
        answer=Sequence.ONE_WAY,
        says=f"the SYN+ACK acknowledges {offers[0].ack}, where the SYN asks for {advance(syns[0].seq, 1)}",
        way=Way.THERE,
        vantage=seen.observer.vantage,
        cites=cite(seen, syns[0], offers[0]),
        # A server that still holds an older SYN acknowledges that; another number at another observer is the device's.
        sure=seen.observer.sure and Rewriting(up=seen, down=exchange.seen[-1]).sequence(Way.THERE) is True,
    )


def _sequence(view: Rewriting) -> Fact:
    ways = {way: view.sequence(way) for way in Way}
    if set(ways.values()) == {None}:
        return unknown(SEQUENCE_REWRITTEN, "two observers did not see the beginning of the same way")
    there, back = ways[Way.THERE], ways[Way.BACK]
    answer = (
        Sequence.BOTH if there and back else Sequence.CLIENT if there else Sequence.SERVER if back else Sequence.NONE
    )
    said = {
        Sequence.NONE: "sequence numbers are the same",
        Sequence.CLIENT: "the client's sequence numbers differ",
        Sequence.SERVER: "the server's sequence numbers differ",
        Sequence.BOTH: "the sequence numbers of both ends differ",
    }
    return _fact(SEQUENCE_REWRITTEN, answer, f"{said[answer]} {_between(view)}", view)


def mss_rewritten(subject: Subject) -> Fact:
    """Whether the SYN or the SYN+ACK announces another maximum segment size where it arrives."""
    return _over_all(subject, MSS_REWRITTEN, _mss)


def _mss(view: Rewriting) -> Fact:
    compared = [both for way in Way if (both := _beginnings(view, way)) is not None]
    if not compared:
        return unknown(MSS_REWRITTEN, "no SYN or SYN+ACK was seen by two observers")
    if any(segment.options.mss is None for both in compared for segment in both):
        cut = any(segment.options.cut for both in compared for segment in both)
        return unknown(MSS_REWRITTEN, _CUT if cut else "a SYN announced none")
    sizes = [(left.options.mss or 0, came.options.mss or 0) for left, came in compared]
    lowered, raised = any(came < left for left, came in sizes), any(came > left for left, came in sizes)
    answer = Mss.LOWERED if lowered else Mss.RAISED if raised else Mss.KEPT
    names = [segment.is_syn for segment, _ in compared]
    said = [
        f"the {'SYN' if syn else 'SYN+ACK'}'s MSS of {left} {f'arrived as {came}' if came != left else 'arrived'}"
        for syn, (left, came) in zip(names, sizes, strict=True)
    ]
    return _fact(MSS_REWRITTEN, answer, f"{_between(view)}, {' and '.join(said)}", view)


_CUT = "the snap length cut the options off"


def options_rewritten(subject: Subject) -> Fact:
    """Whether timestamps, SACK, the window scale or other options were offered otherwise than they arrived."""
    return _over_all(subject, OPTIONS_REWRITTEN, _options)


def _options(view: Rewriting) -> Fact:
    compared = {way: both for way in Way if (both := _beginnings(view, way)) is not None}
    if not compared:
        return unknown(OPTIONS_REWRITTEN, "no SYN or SYN+ACK was seen by two observers")
    if any(segment.options.cut for both in compared.values() for segment in both):
        return unknown(OPTIONS_REWRITTEN, _CUT)
    changes = {change: None for way, both in compared.items() for change in _changes(view, way, *both)}
    if not changes:
        return _fact(OPTIONS_REWRITTEN, Options.KEPT, f"the handshake's options are the same {_between(view)}", view)
    answer = next(iter(changes)) if len(changes) == 1 else Options.SEVERAL
    lost = " and ".join(sorted({name for both in compared.values() for name in _stripped(*both)}))
    said = " and ".join(_CHANGED[change].format(lost=lost) for change in changes)
    return _fact(OPTIONS_REWRITTEN, answer, f"{_between(view)}, {said}", view)


_CHANGED = {
    Options.TIMESTAMPS_STRIPPED: "timestamps were taken out of the handshake",
    Options.TIMESTAMPS_CHANGED: "timestamps were changed",
    Options.SACK_STRIPPED: "the offer of selective acknowledgements was taken out",
    Options.SCALE_CHANGED: "the window scale was changed",
    Options.OTHER_STRIPPED: "{lost} was taken out of the handshake",
}


def _stripped(left: Segment, came: Segment) -> set[str]:
    """Options of which only the kind is known that left and did not arrive; devices blank them out (`nop`), too."""
    arrived = {kind for kind, _ in came.options.others}
    return {option_name(kind) for kind, _ in left.options.others if kind not in arrived}


def _changes(view: Rewriting, way: Way, left: Segment, came: Segment) -> list[Options]:
    sent, arrived = left.options, came.options
    found = []
    if sent.ts_value is not None and arrived.ts_value is None:
        found.append(Options.TIMESTAMPS_STRIPPED)
    elif sent.ts_value is not None and not columns_kept(view.up, view.down, way).timestamps:
        found.append(Options.TIMESTAMPS_CHANGED)
    if sent.sack_permitted and not arrived.sack_permitted:
        found.append(Options.SACK_STRIPPED)
    if sent.window_scale != arrived.window_scale:
        found.append(Options.SCALE_CHANGED)
    if _stripped(left, came):
        found.append(Options.OTHER_STRIPPED)
    return found


def sack_blocks(subject: Subject) -> Fact:
    """Whether selective acknowledgements count as the acknowledgements beside them do.

    On both sides of a rewriter; or at one observer, who sees them name numbers that nobody sent.
    """
    strange = next((fact for one in subject.exemplars for seen in one.seen if (fact := _misfit(seen))), None)
    return strange or _over_all(subject, SACK_BLOCKS, _blocks)


def _misfit(seen: Seen) -> Fact | None:
    found = strangers(seen)
    if found is None:
        return None
    way, segments = found
    says = (
        f"{len(segments)} selective acknowledgements at the {seen.observer.vantage} name numbers that nobody sent there"
    )
    shown = cite(seen, segments[0], segments[-1])
    return Fact(
        kind=SACK_BLOCKS,
        answer=Blocks.NOT_REWRITTEN,
        says=says,
        way=way,
        vantage=seen.observer.vantage,
        cites=shown,
        sure=not seen.observer.quality.lossy,
    )


def _blocks(view: Rewriting) -> Fact:
    """Where losses are many, acknowledgements differ in their blocks alone: one that fits shows them rewritten."""
    if not (view.sequence(Way.THERE) or view.sequence(Way.BACK)):
        return unknown(SACK_BLOCKS, "no sequence numbers are rewritten", moot=True)
    pairs = [(way, *pair) for way in Way if view.sequence(way.other) for pair in _with_blocks(view, way)]
    if not pairs:
        return unknown(SACK_BLOCKS, "no selective acknowledgement was seen by two observers", moot=True)
    fitting = next((pair for pair in pairs if pair[1].options.sack_blocks == pair[2].options.sack_blocks), None)
    way, segment, other = fitting or pairs[0]
    answer = Blocks.CONSISTENT if fitting else Blocks.NOT_REWRITTEN
    rewritten = (
        "blocks are rewritten with the acknowledgements beside them"
        if fitting
        else "acknowledgements are rewritten and the blocks beside them are not"
    )
    cites = (*cite(view.up, segment), *cite(view.down, other))
    return Fact(kind=SACK_BLOCKS, answer=answer, says=f"{_between(view)}, {rewritten}", way=way, cites=cites)


def _with_blocks(view: Rewriting, way: Way) -> Iterator[tuple[Segment, Segment]]:
    """Segments of *way* with blocks, before and after the rewriter, that say the same but for their blocks."""
    arrived: defaultdict[tuple[int, int, int, int], list[Segment]] = defaultdict(list)
    for segment in view.down.segments(way):
        if segment.options.sack_blocks:
            arrived[_place(segment)].append(segment)
    for segment in view.up.segments(way):
        if segment.options.sack_blocks:
            yield from ((segment, other) for other in arrived.get(_place(segment), ())[:MOST_ALIKE])


def _place(segment: Segment) -> tuple[int, int, int, int]:
    """What a packet with blocks says, whatever its blocks say."""
    return (int(segment.flags & Flags.ACK), segment.seq, segment.ack, len(segment.options.sack_blocks))
