"""What is stuck: the data that is sent again and again and never acknowledged, its size and what it holds."""

from enum import StrEnum

from msgspec import Struct

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.outcome import SEVERAL
from bothways.evidence.segment import Content, Segment
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject, cite
from bothways.way import Way
from bothways.wire.sequence import distance, later

SMALL = 524
"""Payload bytes that practically every path carries: every IPv4 host must accept datagrams of 576 bytes (RFC 791
section
3.1), less 20 of IP, 20 of TCP and 12 of timestamps. Links with a smaller MTU exist but are rare."""

NEARLY_FULL = 0.9
"""Share of the negotiated segment size from which a segment counts as full."""

TIMESTAMPS = 12
"""Bytes that the timestamps option takes from every segment (RFC 7323 appendix A)."""


class Size(StrEnum):
    """How large the stuck segment is."""

    FULL = "full-size"
    SMALL = "small"
    """What every usual path carries; rare links carry less."""
    NO_LARGER = "no-larger"
    """No larger than what the same way carried before: its size is not why it is stuck."""


class Holds(StrEnum):
    """What the stuck client data begins with."""

    CLIENT_HELLO = "client-hello"
    HTTP_REQUEST = "http-request"
    OTHER = "other"


STUCK_SIZE = Kind(id="stuck-size", asks="How large is the data that is stuck?", family="size", answers=Size)
STUCK_CONTENT = Kind(
    id="stuck-content", asks="What does the client's stuck data hold?", family="content", answers=Holds
)


class Stuck(Struct, frozen=True, kw_only=True):
    """Data that is sent again and again, as one observer saw it."""

    seen: Seen
    way: Way
    tries: tuple[Segment, ...]
    """Sendings of the first byte that was never acknowledged, in order; at least two."""

    passed: int
    """Largest payload that the same way got acknowledged before, bytes."""


def stuck_in(exchange: Exchange) -> Stuck | None:
    """The data that one side repeats until the end; the sender's own side is asked first."""
    for way, order in ((Way.THERE, exchange.seen), (Way.BACK, tuple(reversed(exchange.seen)))):
        for seen in order:
            stuck = _stuck_at(seen, way, exchange.acknowledged(way))
            if stuck is not None:
                return stuck
    return None


def _stuck_at(seen: Seen, way: Way, acknowledged: int | None) -> Stuck | None:
    data = [segment for segment in seen.segments(way) if segment.payload]
    if not data or (acknowledged is None and not seen.sides.blind_back):
        return None
    acked = data[0].seq if acknowledged is None else later(data[0].seq, acknowledged)
    tries = tuple(segment for segment in data if segment.seq == acked)
    if len(tries) < SEVERAL:
        return None
    full = segment_size(seen)
    passed = max((segment.payload for segment in data if distance(segment.seq, acked) >= segment.payload), default=0)
    return Stuck(seen=seen, way=way, tries=tries, passed=min(passed, full) if full else passed)


def stuck_size(subject: Subject) -> Fact:
    """How large the stuck segment is, against what the path must carry and what it carried before."""
    if not subject.exemplars:
        return unknown(STUCK_SIZE, "no failed connection was captured")
    return agreed([_size_in(exchange) for exchange in subject.exemplars])


def _size_in(exchange: Exchange) -> Fact:
    stuck = stuck_in(exchange)
    if stuck is None:
        return unknown(STUCK_SIZE, "no data is seen to be sent again and again")
    smallest = min(segment.payload for segment in stuck.tries)
    full = segment_size(stuck.seen)
    if smallest <= stuck.passed:
        answer, size = Size.NO_LARGER, f"{smallest} bytes, and {stuck.passed} bytes passed before"
    elif smallest <= SMALL:
        answer, size = Size.SMALL, f"{smallest} bytes, which every usual path carries"
    elif full is not None and smallest >= full * NEARLY_FULL:
        answer, size = Size.FULL, f"{smallest} bytes, a full segment"
    else:
        return unknown(STUCK_SIZE, f"the stuck segment of {smallest} bytes is neither small nor full")
    return Fact(
        kind=STUCK_SIZE,
        answer=answer,
        says=f"the data sent {len(stuck.tries)} times in vain has {size}",
        way=stuck.way,
        vantage=stuck.seen.observer.vantage,
        cites=cite(stuck.seen, stuck.tries[0], stuck.tries[-1]),
    )


def segment_size(seen: Seen) -> int | None:
    """Bytes of payload of a full segment between these hosts, from both SYNs' MSS options."""
    offered = [mss for mss in (seen.sides.there.mss, seen.sides.back.mss) if mss]
    if not offered:
        return None
    stamped = any(segment.options.ts_value is not None for segment in (*seen.there, *seen.back))
    return min(offered) - (TIMESTAMPS if stamped else 0)


def stuck_content(subject: Subject) -> Fact:
    """What the client's unacknowledged data begins with."""
    if not subject.exemplars:
        return unknown(STUCK_CONTENT, "no failed connection was captured")
    return agreed([_content_in(exchange) for exchange in subject.exemplars])


def _content_in(exchange: Exchange) -> Fact:
    for seen in exchange.seen:
        segment = unacknowledged(exchange, seen)
        if segment is None:
            continue
        holds = Holds.CLIENT_HELLO if _continues_hello(seen, segment) else _HOLDS.get(segment.content)
        if holds is None:
            return unknown(STUCK_CONTENT, "the snap length cut the data off")
        named = f" that names {segment.name}" if segment.name else ""
        return Fact(
            kind=STUCK_CONTENT,
            answer=holds,
            says=f"what was never acknowledged is {_CALLED[holds]}{named}",
            way=Way.THERE,
            vantage=seen.observer.vantage,
            cites=cite(seen, segment),
        )
    return unknown(STUCK_CONTENT, "no unacknowledged data of the client is in view")


_HOLDS = {
    Content.CLIENT_HELLO: Holds.CLIENT_HELLO,
    Content.HTTP_REQUEST: Holds.HTTP_REQUEST,
    Content.TLS: Holds.OTHER,
    Content.HTTP_RESPONSE: Holds.OTHER,
    Content.OTHER: Holds.OTHER,
}
_CALLED = {
    Holds.CLIENT_HELLO: "a TLS ClientHello",
    Holds.HTTP_REQUEST: "an HTTP request",
    Holds.OTHER: "neither a ClientHello nor an HTTP request",
}


def _continues_hello(seen: Seen, segment: Segment) -> bool:
    """A client that began with a ClientHello sends nothing else before the server's first data."""
    first = next((sent for sent in seen.there if sent.payload), segment)
    answered = any(answer.payload for answer in seen.back)
    return first.content is Content.CLIENT_HELLO and distance(first.seq, segment.seq) > 0 and not answered


def unacknowledged(exchange: Exchange, seen: Seen) -> Segment | None:
    """The first data of the client in view of *seen* that no acknowledgement covers, whoever saw one.

    Where the server's packets are not in view, the first data if the client sends it again and again.
    """
    acked = exchange.acknowledged(Way.THERE)
    data = [one for one in seen.there if one.payload and (acked is None or distance(one.seq, acked) <= 0)]
    if not seen.back and sum(segment.seq == data[0].seq for segment in data) <= SEVERAL:
        return None
    return next(iter(data), None)
