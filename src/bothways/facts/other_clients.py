"""Whether other clients reach the server that this one does not."""

from collections.abc import Container, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain

from bothways.connections.exchange import Exchange, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL, Outcome
from bothways.connections.tally import how_many
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.units import SECOND, Duration, Instant, between

AT_THE_TIME = Duration(300 * SECOND)
"""What worked longer before the first failure in view may have worked because the fault was not there yet."""


class Others(StrEnum):
    """How other clients fare with the same address and port."""

    WORK = "work"
    """They reach it past an observer that the failing ones pass, too."""
    WORK_ELSEWHERE = "work-elsewhere"
    """They reach it, and nothing shows that they come the same way."""
    FAIL_ALIKE = "fail-alike"


OTHER_CLIENTS = Kind(
    id="other-clients",
    asks="Do other clients reach the same address and port?",
    family="other-clients",
    answers=Others,
)


def other_clients(subject: Subject) -> Fact:
    """How connections of other addresses to the same server fared at the time of the failures."""
    if not subject.exemplars:
        return unknown(OTHER_CLIENTS, "no failed connection was captured")
    mine = {seen.sides.client.address for exchange in subject.exemplars for seen in exchange.seen}
    working = list(_others(subject, mine, Outcome.WORKED))
    for exchange in working:
        common = _common(exchange, subject.exemplars)
        if common is not None:
            says = f"{exchange.client.address} reaches the server past the same {common.observer.vantage}"
            return Fact(kind=OTHER_CLIENTS, answer=Others.WORK, says=says, cites=(common.begins,))
    if working:
        worked = working[0]
        says = f"{worked.client.address} reaches the server, perhaps on another way"
        return Fact(kind=OTHER_CLIENTS, answer=Others.WORK_ELSEWHERE, says=says, cites=(worked.seen[0].begins,))
    failed = list(_others(subject, mine, subject.exemplars[0].outcome))
    if len(failed) >= SEVERAL:
        says = f"{how_many(failed)} connections of other clients fail in the same way"
        cites = tuple(exchange.seen[0].begins for exchange in failed[:3])
        return Fact(kind=OTHER_CLIENTS, answer=Others.FAIL_ALIKE, says=says, cites=cites)
    return unknown(OTHER_CLIENTS, "no other client is seen to try the same address and port")


def _others(subject: Subject, mine: Container[str], outcome: Outcome) -> Iterator[Exchange]:
    """Connections of that *outcome* to the same server that no failing client made under any of its addresses."""
    failures = _failures(subject.exemplars)
    beside = (item for one in subject.neighbours for item in one.exchanges if item.outcome is outcome)
    for exchange in chain(subject.crowd.by_outcome.get(outcome, ()), beside):
        strange = all(seen.sides.client.address not in mine for seen in exchange.seen)
        if strange and exchange.server == subject.server and _at_the_time(exchange, failures):
            yield exchange


def _failures(failed: Iterable[Exchange]) -> dict[str, Instant]:
    """When the first of *failed* began that each vantage saw."""
    begun: dict[str, Instant] = {}
    for seen in (seen for exchange in failed for seen in exchange.seen):
        if seen.sides.there.first is not None:
            begun.setdefault(seen.observer.vantage, seen.sides.there.first)
    return begun


def _at_the_time(exchange: Exchange, failures: Mapping[str, Instant]) -> bool:
    """Whether it began about when the failures did or later, by the clock of somebody who saw both."""
    for seen in exchange.seen:
        begun, first = seen.sides.there.first, failures.get(seen.observer.vantage)
        if begun is not None and first is not None:
            return between(begun, first) <= AT_THE_TIME
    # Who saw nothing of the failures cannot tell; a capture is rarely longer than the time it was made for.
    return True


def _common(exchange: Exchange, failed: Iterable[Exchange]) -> Seen | None:
    """What an observer ahead of the server saw of *exchange* that saw a failing connection, too."""
    for seen in exchange.seen:
        passes = any(other.at(seen.observer.vantage) is not None for other in failed)
        if passes and seen.observer.place is not Place.SERVER:
            return seen
    return None
