"""How the target's name fares over the other address family.

IPv4 and IPv6 of one name are two networks over one cable: other routes, other filters and tunnels, mostly the same
programs at the end. So this is kept apart from other addresses of the same family. That one host is the client of both
shows only in its own log, or in a capture beside it: addresses of two families have nothing in common.
"""

from collections.abc import Iterator
from enum import StrEnum

from bothways.connections.exchange import Exchange
from bothways.connections.observer import Place
from bothways.connections.outcome import Outcome
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject, Tried, seen_at


class Families(StrEnum):
    """Over which address families the name fails."""

    ONLY_THIS = "only-this"
    BOTH = "both"


FATE_BY_FAMILY = Kind(
    id="fate-by-family",
    asks="Does the same name fail over the other address family, too?",
    family="control-family",
    answers=Families,
    decisive=False,
)


def family(address: str) -> str:
    """`IPv4` or `IPv6`."""
    return "IPv6" if ":" in address else "IPv4"


def fate_by_family(subject: Subject) -> Fact:
    """Works if anything worked over the other family; what failed there counts where nothing did."""
    if not subject.name:
        return unknown(FATE_BY_FAMILY, "the target's name is not known")
    mine = family(subject.server.address)
    if _works(subject, mine):
        return unknown(FATE_BY_FAMILY, f"the name works at another address over {mine}, too", moot=True)
    other = "IPv4" if mine == "IPv6" else "IPv6"
    worked = list(_works(subject, other))
    if worked:
        says = f"{subject.name} works over {other} and fails over {mine}"
        return _fact(Families.ONLY_THIS, says, worked)
    failed = [_begins(one) for one in _connections(subject, other) if one.outcome.failed]
    failed += [one.cite() for one in _attempts(subject, other) if one.attempt.outcome not in _NO_FAILURE]
    if failed:
        return _fact(Families.BOTH, f"{subject.name} fails over {other} as well as over {mine}", failed)
    return unknown(FATE_BY_FAMILY, f"nobody is seen to try the name over {other}")


_NO_FAILURE = frozenset({Told.ANSWERED, Told.UNKNOWN})


def _works(subject: Subject, over: str) -> list[Citation]:
    """Where the name works at another address of the family *over*."""
    worked = [_begins(one) for one in _connections(subject, over) if one.outcome is Outcome.WORKED]
    return worked + [one.cite() for one in _attempts(subject, over) if one.attempt.outcome is Told.ANSWERED]


def _connections(subject: Subject, over: str) -> Iterator[Exchange]:
    """Connections to the name's other addresses of a family, as a capture beside the client shows them."""
    for item in subject.neighbours:
        elsewhere = item.server.address != subject.server.address and item.server.port == subject.server.port
        if item.name == subject.name and elsewhere and family(item.server.address) == over:
            yield from (one for one in item.exchanges if seen_at(one, Place.CLIENT) is not None)


def _attempts(subject: Subject, over: str) -> Iterator[Tried]:
    for one in subject.all_tried():
        address = one.attempt.address
        if one.attempt.name != subject.name or address is None or address == subject.server.address:
            continue
        if family(address) == over and one.attempt.port in {None, subject.server.port}:
            yield one


def _begins(exchange: Exchange) -> Citation:
    return exchange.seen[0].begins


def _fact(answer: Families, says: str, cites: list[Citation]) -> Fact:
    return Fact(kind=FATE_BY_FAMILY, answer=answer, says=says, cites=tuple(cites[:3]))
