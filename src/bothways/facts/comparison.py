"""What else works or fails.

The same name elsewhere, the same address otherwise, the connections made at the same time.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.tally import how_many
from bothways.evidence.attempt import Attempt
from bothways.evidence.attempt import Outcome as AttemptOutcome
from bothways.evidence.citation import Citation
from bothways.facts.acceptance import Took, took
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.host_table import refuses_what_it_answered
from bothways.facts.subject import Subject, Tried
from bothways.units import SECOND, Duration, between

ENOUGH = 3
"""Failures from which "all fail" says more than one unlucky connection."""


class Fares(StrEnum):
    """How a comparison fares."""

    WORKS = "works"
    FAILS_ALIKE = "fails-alike"


class Siblings(StrEnum):
    """How other connections to the very same target fare."""

    TAKEN_BESIDE = "taken-beside"
    """The server took some of them."""
    ALL_FAIL = "all-fail"


SAME_NAME_ELSEWHERE = Kind(
    id="same-name-elsewhere", asks="Does the same name work at another address?", family="control-name", answers=Fares
)
SAME_ADDRESS_OTHERWISE = Kind(
    id="same-address-otherwise",
    asks="Does the same address work on another port or under another name?",
    family="control-address",
    answers=Fares,
)
SIBLINGS = Kind(
    id="siblings",
    asks="Does the server take other connections to the same target?",
    family="siblings",
    answers=Siblings,
)

_STALLS = {Outcome.STALLED_THERE, Outcome.STALLED_BACK, Outcome.SILENT, Outcome.HALF_OPEN}
_ALIKE: dict[AttemptOutcome, frozenset[Outcome]] = {
    AttemptOutcome.NO_CONNECTION: frozenset({Outcome.UNANSWERED}),
    AttemptOutcome.REFUSED: frozenset({Outcome.REFUSED}),
    AttemptOutcome.UNREACHABLE: frozenset({Outcome.UNREACHABLE}),
    AttemptOutcome.STALLED: frozenset(_STALLS),
    AttemptOutcome.RESET: frozenset({Outcome.RESET}),
    AttemptOutcome.CLOSED: frozenset({Outcome.RESET}),
}
"""Which fate on the wire a program's words stand for."""


def same_name_elsewhere(subject: Subject) -> Fact:
    """How the target's name fares at other addresses of its family: on the same port, as far as that was tried.

    Another port tells how the address fares, too, where no connection is made; once it is made, what counts is what is
    said, and on another port something else is said: no name in clear, or no TLS.
    """
    if not subject.name:
        return unknown(SAME_NAME_ELSEWHERE, "the target's name is not known")
    fact = _named_elsewhere(subject, same_port=True)
    if not fact.known and not _own_fates(subject) & (_STALLS | {Outcome.RESET}):
        return _named_elsewhere(subject, same_port=False)
    return fact


def _named_elsewhere(subject: Subject, *, same_port: bool) -> Fact:
    port = subject.server.port
    elsewhere = [
        item
        for item in subject.neighbours
        if item.name == subject.name
        and _is_another(item.server.address, subject)
        and (item.server.port == port) is same_port
    ]
    tried = [
        item
        for item in subject.all_tried()
        if item.attempt.name == subject.name
        and _is_another(item.attempt.address, subject)
        and (item.attempt.port == port) is same_port
    ]
    where = ", ".join(
        sorted({str(item.server.address) for item in elsewhere} | {str(item.attempt.address) for item in tried})
    )
    exchanges = [exchange for item in elsewhere for exchange in item.exchanges]
    return _compare(subject, SAME_NAME_ELSEWHERE, exchanges, tried, f"{subject.name} at {where}")


def _is_another(address: str | None, subject: Subject) -> bool:
    """Another address of the same family; the other one has a fact of its own (`fate_by_family`)."""
    mine = subject.server.address
    return address is not None and address != mine and (":" in address) == (":" in mine)


def _is_otherwise(attempt: Attempt, subject: Subject) -> bool:
    """At the target's address on another port, or under another name."""
    if attempt.address != subject.server.address:
        return False
    other_name = subject.name and attempt.name not in {None, subject.name}
    return attempt.port != subject.server.port or bool(other_name)


def same_address_otherwise(subject: Subject) -> Fact:
    """How the target's address fares on other ports or under other names."""
    others = [item for item in subject.neighbours if item.server.address == subject.server.address]
    tried = [item for item in subject.all_tried() if _is_otherwise(item.attempt, subject)]
    ports = sorted({item.server.port for item in others} | {item.attempt.port or 0 for item in tried})
    names = {item.name for item in others} | {item.attempt.name or "" for item in tried}
    named = sorted(names - {"", subject.name}) if ports == [subject.server.port] else []
    under = f" under the name {', '.join(named)}" if named else ""
    what = f"{subject.server.address} on port {', '.join(map(str, ports))}{under}"
    exchanges = [exchange for item in others for exchange in item.exchanges]
    return _compare(subject, SAME_ADDRESS_OTHERWISE, exchanges, tried, what)


def _compare(subject: Subject, kind: Kind, exchanges: Sequence[Exchange], tried: Sequence[Tried], what: str) -> Fact:
    """Works if anything worked; fails alike if something failed the same way and nothing worked."""
    exchanges = _of_the_same_clients(subject, exchanges)
    worked = [_cite(exchange) for exchange in exchanges if exchange.outcome is Outcome.WORKED]
    worked += [item.cite() for item in tried if item.attempt.outcome is AttemptOutcome.ANSWERED]
    if worked:
        return _fares(kind, Fares.WORKS, f"{what} works", worked)
    mine = _own_fates(subject)
    alike = [_cite(exchange) for exchange in exchanges if exchange.outcome in mine]
    alike += [item.cite() for item in tried if _ALIKE.get(item.attempt.outcome, frozenset()) & mine]
    if alike:
        return _fares(kind, Fares.FAILS_ALIKE, f"{what} fails in the same way", alike)
    return unknown(kind, "nothing comparable was tried")


def _of_the_same_clients(subject: Subject, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """What the failing clients themselves tried: how others fare says nothing of an address or a name by itself."""
    mine = {seen.sides.client.address for exchange in subject.exemplars for seen in exchange.seen}
    return [
        exchange
        for exchange in exchanges
        if not mine or any(seen.sides.client.address in mine for seen in exchange.seen)
    ]


def _own_fates(subject: Subject) -> frozenset[Outcome]:
    """How this target fails; the ways of stalling after the handshake count as one."""
    fates = {exchange.outcome for exchange in subject.exemplars}
    if not fates:
        fates = {fate for item in subject.tried() for fate in _ALIKE.get(item.attempt.outcome, frozenset())}
    return frozenset(fates | _STALLS if fates & _STALLS else fates)


def _cite(exchange: Exchange) -> Citation:
    return exchange.seen[0].begins


def _fares(kind: Kind, answer: Fares, says: str, cites: Iterable[Citation]) -> Fact:
    return Fact(kind=kind, answer=answer, says=says, cites=tuple(cites)[:3])


AT_THE_SAME_TIME = Duration(2 * SECOND)
"""A queue is full for moments: what was taken earlier or later says nothing about it."""


def _together(one: Exchange, other: Exchange) -> bool:
    """Whether two connections were opened at about the same time, by the first observer's clock that saw both."""
    for seen in one.seen:
        twin = other.at(seen.observer.vantage)
        if twin is not None and seen.sides.there.first is not None and twin.sides.there.first is not None:
            return abs(between(seen.sides.there.first, twin.sides.there.first)) <= AT_THE_SAME_TIME
    return False


def siblings(subject: Subject) -> Fact:
    """Whether the server took other connections to the same address and port."""
    failed = {id(exchange) for exchange in subject.exemplars}
    for exchange in subject.connections:
        if id(exchange) in failed or not any(_together(exchange, other) for other in subject.exemplars):
            continue
        accepted = took(exchange)
        if accepted.known and accepted.answer is Took.TAKEN:
            if refuses_what_it_answered(subject):
                why = (
                    "the server's host has places for some, so that it took others tells nothing of what stopped these"
                )
                return unknown(SIBLINGS, why, moot=True)
            says = "the server took another connection to the same address and port meanwhile"
            return Fact(kind=SIBLINGS, answer=Siblings.TAKEN_BESIDE, says=says, cites=accepted.cites)
    if subject.unseen:
        return unknown(SIBLINGS, f"{how_many(subject.unseen)} more connections to this target went on out of view")
    count = subject.crowd.failed
    if count >= ENOUGH and count == subject.crowd.size:
        says = f"all {count} connections to this target failed"
        cites = [_cite(exchange) for exchange in subject.exemplars]
        return Fact(kind=SIBLINGS, answer=Siblings.ALL_FAIL, says=says, cites=tuple(cites)[:3])
    return unknown(SIBLINGS, "too few connections to this target were tried")
