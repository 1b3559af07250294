"""Whether the client's source port decides: routers that share connections among paths do it by addresses and ports.

So a port that failed once fails each time while one path of several is broken (RFC 2992 section 1), and a fault that
comes and goes spares a port now and then.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import islice
from math import comb

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.tally import how_many
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject

ENOUGH = 3
"""Connections from which on "all" or "some" says anything."""

BY_CHANCE = 0.01
"""Probability up to which ports that were tried again can have fared alike by chance."""

MOST_SHOWN = 4
"""Connections that are cited."""


class ByPort(StrEnum):
    """How source ports fare."""

    SAME_PORTS = "same-ports-fail"
    """Ports that were tried again fare each time as the first time, some well and some badly."""
    MIXED = "mixed"
    """A port failed at one time and worked at another."""
    SOME_FAIL = "some-fail"
    """Some connections fail, and no port was tried often enough to say more."""
    ALL_FAIL = "all-fail"


FATE_BY_PORT = Kind(
    id="fate-by-port", asks="Do connections from the same source ports always fail?", family="siblings", answers=ByPort
)


def fate_by_port(subject: Subject) -> Fact:
    """How the connections to the target fared, by the client's port nearest to the client."""
    failed = subject.crowd.failed
    tried = failed + subject.crowd.counts[Outcome.WORKED]
    if not failed or tried < ENOUGH:
        return unknown(FATE_BY_PORT, "too few connections to this target were tried")
    others = how_many(subject.unseen) + subject.crowd.size - tried
    if failed == tried and others:
        return unknown(FATE_BY_PORT, f"{others} more connections to this target neither failed nor worked in view")
    if failed == tried:
        return _fact(ByPort.ALL_FAIL, f"all {tried} connections failed", _first_failed(subject))
    again = subject.crowd.tried_again
    mixed = next((members for members in again if 0 < _failures(members) < len(members)), None)
    if mixed is not None:
        return _fact(ByPort.MIXED, f"port {mixed[0].client.port} failed and worked", mixed)
    if _told_by_ports(again):
        bad = [members[0] for members in again if _failures(members)]
        says = f"{len(again)} ports were tried again: {len(bad)} of them failed each time, the others never"
        return _fact(ByPort.SAME_PORTS, says, bad)
    return _fact(ByPort.SOME_FAIL, f"{failed} of {tried} connections failed", _first_failed(subject))


def _first_failed(subject: Subject) -> tuple[Exchange, ...]:
    return tuple(islice((item for item in subject.connections if item.outcome.failed), MOST_SHOWN))


def _failures(members: Sequence[Exchange]) -> int:
    return sum(item.outcome.failed for item in members)


def _told_by_ports(again: Sequence[Sequence[Exchange]]) -> bool:
    """Whether both sorts were tried again, and chance would hardly have kept them apart.

    Of all ways to deal so many failures to so many connections, those that deal them to whole ports.
    """
    bad = sum(_failures(members) > 0 for members in again)
    dealt = comb(sum(map(len, again)), sum(map(_failures, again)))
    return 0 < bad < len(again) and comb(len(again), bad) / dealt < BY_CHANCE


def _fact(answer: ByPort, says: str, shown: Sequence[Exchange]) -> Fact:
    shown = shown[:MOST_SHOWN]
    # Where a capture lost packets, what worked may seem to have failed.
    lossy = any(seen.observer.quality.lossy for item in shown for seen in item.seen)
    return Fact(
        kind=FATE_BY_PORT,
        answer=answer,
        says=says,
        cites=tuple(item.seen[0].begins for item in shown),
        sure=not lossy,
    )
