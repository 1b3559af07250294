"""What the hops of two ways show of the routers behind them, put so that hops can be compared quickly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from bothways.evidence.path_report import HopReply
from bothways.paths.course import Station
from bothways.paths.interface_names import device_of, learnt_devices
from bothways.paths.knowledge import Knowledge
from bothways.paths.routers import GENERIC_NAMES

MOST_REPLIES = 16
"""Replies of one hop that are compared; load is seldom shared by more routers."""

INITIAL_TTLS = (64, 128, 255)
"""With which systems send what they answer; a reply that arrives with less came from the next higher one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One hop of one way."""

    silent: bool
    addresses: frozenset[str]
    names: frozenset[str]
    """In lower case, without those that many routers bear."""

    devices: frozenset[str]
    """What names say without their interfaces, where that tells the hops of either way apart."""

    forms: frozenset[tuple[int, str]]
    """How many labels its device's names have, and their last two: what is to be compared must be of one form."""

    domains: frozenset[str]
    listed: frozenset[str]
    """Names in the user's own list of devices."""

    networks: frozenset[int]
    """Numbers of autonomous systems."""

    systems: frozenset[int]
    """TTLs with which its replies seem to have been sent."""

    returns: frozenset[int]
    """Hops that its replies came, the last one, to the host that asked, included: 1 for a neighbour."""


def features_of(
    there: Sequence[Station], back: Sequence[Station], knowledge: Knowledge
) -> tuple[tuple[Features, ...], tuple[Features, ...]]:
    """The hops of both ways; what a name means depends on all of them."""
    names = [[_names(station) for station in way] for way in (there, back)]
    devices = _devices(*names)
    mine, others = (
        tuple(_features(station, named, devices, knowledge) for station, named in zip(way, called, strict=True))
        for way, called in zip((there, back), names, strict=True)
    )
    return mine, others


def _replies(station: Station) -> Iterable[HopReply]:
    return islice(station.replies, MOST_REPLIES)


def _names(station: Station) -> frozenset[str]:
    names = (reply.name.casefold().rstrip(".") for reply in _replies(station) if reply.name)
    return frozenset(name for name in names if name not in GENERIC_NAMES)


def _devices(there: Sequence[frozenset[str]], back: Sequence[frozenset[str]]) -> dict[str, str]:
    """Name to device, for names that have an interface in them and for those that are a device's without one.

    What several hops of one way have in common names their domain or their place, not one of them. A router that is
    passed twice has the same full names each time, or else nobody could tell it from two.
    """
    flat = [frozenset(name for names in way for name in names) for way in (there, back)]
    found = {name: device for name in flat[0] | flat[1] if (device := device_of(name))} | learnt_devices(*flat)
    shared = set()
    for way in (there, back):
        bearers: dict[str, set[frozenset[str]]] = defaultdict(set)
        for names in way:
            for name in names:
                bearers[found.get(name, name)].add(frozenset(one for one in names if found.get(one) == found.get(name)))
        shared |= {device for device, groups in bearers.items() if len(groups) > 1}
    return {name: device for name, device in found.items() if device not in shared}


def _features(station: Station, names: frozenset[str], devices: dict[str, str], knowledge: Knowledge) -> Features:
    replies = list(_replies(station))
    addresses = frozenset(reply.address for reply in replies if reply.address)
    called = frozenset(devices.get(name, name) for name in names)
    listed = (knowledge.device(reply) for reply in replies)
    numbers = {number for number in map(knowledge.network, addresses) if number is not None}
    ttls = [reply.reply_ttl for reply in replies if reply.reply_ttl is not None]
    return Features(
        silent=station.silent,
        addresses=addresses,
        names=names,
        devices=called,
        forms=frozenset(_form(device) for device in called),
        domains=frozenset(_domain(device) for device in called),
        listed=frozenset(device for device in listed if device),
        networks=frozenset(numbers or {number for reply in replies for number in reply.networks}),
        systems=frozenset(initial(ttl) for ttl in ttls),
        returns=frozenset(initial(ttl) - ttl + 1 for ttl in ttls)
        | {reply.back for reply in replies if reply.back is not None},
    )


def _domain(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def _form(name: str) -> tuple[int, str]:
    return name.count("."), _domain(name)


def initial(ttl: int) -> int:
    """The TTL with which a packet was sent that arrived with *ttl*, as far as the usual ones go."""
    return next((first for first in INITIAL_TTLS if ttl <= first), INITIAL_TTLS[-1])
