"""Whether the failing connection uses addresses and ports that another one used shortly before."""

from collections.abc import Iterable
from enum import StrEnum

from bothways.connections.exchange import Exchange, Seen
from bothways.facts.acceptance import Took, took
from bothways.facts.fact import Fact, Kind, agreed, unknown
from bothways.facts.subject import Subject
from bothways.units import Duration, Instant, between, plain


class Reuse(StrEnum):
    """Who used the same addresses and ports before."""

    LEFT_OPEN = "left-open"
    """A connection that the server took, and that somebody on the way, or the server, need not know to be over."""
    CLOSED = "closed"
    """A connection that both ends closed in view of every observer."""
    FRESH = "fresh"
    """Nobody, as far as the evidence goes back."""


TUPLE_REUSE = Kind(
    id="tuple-reuse",
    asks="Did another connection use the same addresses and ports shortly before?",
    family="tuple",
    answers=Reuse,
)


def tuple_reuse(subject: Subject) -> Fact:
    """Which connection between the same two ports came before the failing one, and how it ended."""
    if not subject.exemplars:
        return unknown(TUPLE_REUSE, "no failed connection was captured")
    ports = {seen.sides.client.port for exchange in subject.exemplars for seen in exchange.seen}
    same = {id(one): one for port in ports for one in subject.crowd.by_client_port.get(port, ())}
    known = [fact for exchange in subject.exemplars if (fact := _before(same.values(), exchange)) is not None]
    if known:
        return agreed(known)
    first = subject.exemplars[0].seen[0]
    begun, watched = first.sides.first, first.observer.survey.first
    if begun is None or watched is None:
        return unknown(TUPLE_REUSE, "no capture tells what was before")
    back = plain(between(watched, begun))
    says = f"no other connection used the same ports in the capture before, which goes {back} back"
    # Nobody sees far enough back to rule an older connection out.
    return Fact(kind=TUPLE_REUSE, answer=Reuse.FRESH, says=says, cites=(first.begins,), sure=False, decisive=False)


def _before(others: Iterable[Exchange], exchange: Exchange) -> Fact | None:
    """The last of *others* that the server took between the same ports, before *exchange* began."""
    found: list[tuple[Duration, Exchange, Seen]] = []
    for other in others:
        if other is exchange:
            continue
        for seen in exchange.seen:
            twin = other.at(seen.observer.vantage)
            gap = None if twin is None or _ends(twin) != _ends(seen) else _gap(twin, seen)
            if twin is not None and gap is not None:
                found.append((gap, other, twin))
                break
    taken = [item for item in found if took(item[1]).answer is Took.TAKEN]
    if not taken:
        return None
    gap, other, twin = min(taken, key=lambda item: item[0])
    closed = all(seen.sides.there.fins and seen.sides.back.fins for seen in other.seen)
    how = "was closed by both ends" if closed else "was never closed by both ends"
    return Fact(
        kind=TUPLE_REUSE,
        answer=Reuse.CLOSED if closed else Reuse.LEFT_OPEN,
        says=f"another connection between the same ports was last seen {plain(gap)} before, and {how}",
        vantage=twin.observer.vantage,
        cites=(twin.begins, exchange.seen[0].begins),
    )


def _ends(seen: Seen) -> tuple[object, object]:
    return seen.sides.client, seen.sides.server


def _gap(earlier: Seen, later: Seen) -> Duration | None:
    """From the last packet of the one to the first of the other; None where it did not come before."""
    begun, last = later.sides.first, _last(earlier)
    first = earlier.sides.first
    if begun is None or last is None or first is None or first >= begun:
        return None
    return Duration(max(0, between(last, begun)))


def _last(seen: Seen) -> Instant | None:
    return max((way.last for way in (seen.sides.there, seen.sides.back) if way.last is not None), default=None)
