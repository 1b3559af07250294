"""How much two hops look like one router: the odds of what either shows by itself."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address
from math import log

from bothways.paths import odds
from bothways.paths.features import Features
from bothways.paths.naming_habits import disagreeing
from bothways.paths.rows import Basis

_RARELY, _OFTEN = 0.05, 0.9
"""Bounds of the share of silent hops: a few hops do not tell how many others are."""


def likeness(one: Features, other: Features) -> float:
    """Logarithm of how much likelier all that two hops show is if they are one router."""
    return sum(weight for _, weight in _evidence(one, other))


def bases_of(one: Features, other: Features) -> list[tuple[Basis, float]]:
    """What speaks for one router, with its odds, the strongest first."""
    found = [(basis, weight) for basis, weight in _evidence(one, other) if basis is not None and weight > 0]
    return sorted(found, key=lambda pair: -pair[1])


def _evidence(one: Features, other: Features) -> Iterator[tuple[Basis | None, float]]:
    if one.listed and other.listed:
        same = not one.listed.isdisjoint(other.listed)
        yield Basis.INVENTORY, odds.DEVICE if same else odds.OTHER_DEVICE
    common = one.addresses & other.addresses
    if common:
        public = any(not _is_private(address) for address in common)
        yield Basis.ADDRESS, odds.ADDRESS if public else odds.PRIVATE_ADDRESS
    elif one.names and other.names and not disagreeing(one, other):
        yield _names(one, other)
    if one.networks and other.networks and not common:
        same = not one.networks.isdisjoint(other.networks)
        yield Basis.NETWORK, odds.NETWORK if same else odds.OTHER_NETWORK
    if one.systems and other.systems and one.systems.isdisjoint(other.systems):
        yield None, odds.OTHER_SYSTEM


def _names(one: Features, other: Features) -> tuple[Basis, float]:
    if not one.names.isdisjoint(other.names):
        return Basis.NAME, odds.NAME
    if not one.devices.isdisjoint(other.devices):
        return Basis.INTERFACE_NAME, odds.INTERFACE_NAME
    if not one.domains.isdisjoint(other.domains):
        return Basis.NAME, odds.OTHER_FORM
    return Basis.NAME, odds.OTHER_DOMAIN


@lru_cache(maxsize=4096)
def _is_private(text: str) -> bool:
    return not ip_address(text).is_global


def silence(there: Sequence[Features], back: Sequence[Features]) -> dict[tuple[bool, bool], float]:
    """Odds of who is silent of two hops, (there, back): as routers are that are silent on both ways or on one.

    By how many hops are silent at all.
    """
    both = [*there, *back]
    share = min(_OFTEN, max(_RARELY, sum(one.silent for one in both) / max(len(both), 1)))
    again = max(odds.SILENT_ON_BOTH, share)
    one_way = (1 - again) / (1 - share)
    neither = (1 - share * (2 - again)) / (1 - share) ** 2
    return {
        (True, True): log(again / share),
        (True, False): log(one_way),
        (False, True): log(one_way),
        (False, False): log(max(neither, 1.0)),
    }


def named(there: Sequence[Features], back: Sequence[Features]) -> float:
    """Odds of two hops of which one has a name and the other one has none, by how many have none."""
    answering = [one for one in (*there, *back) if one.addresses or one.names]
    share = sum(not one.names for one in answering) / max(len(answering), 1)
    return log(1 - odds.NAMED_ALIKE * (1 - _RARELY / max(_RARELY, share)))


def way_back(returns: frozenset[int], expected: int | None) -> float:
    """Odds of how far replies came, where a router of both ways would be *expected* hops from the host that asked."""
    if not returns or expected is None:
        return 0.0
    off = min(abs(hops - expected) for hops in returns)
    if off == 0:
        return odds.WAY_BACK_FITS
    return odds.WAY_BACK_NEARLY if off == 1 else odds.WAY_BACK_MISSES
