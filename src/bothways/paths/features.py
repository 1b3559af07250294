"""What the hops of two ways show of the routers behind them, put so that hops can be compared quickly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from bothways.evidence.path_report import HopReply
from bothways.paths.course import Station
from bothways.paths.interface_names import device_of, learnt_devices
from bothways.paths.knowledge import Knowledge
from bothways.paths.routers import GENERIC_NAMES

MOST_REPLIES = 16
"""Replies of one hop that are compared; load is seldom shared by more routers."""

INITIAL_TTLS = (64, 128, 255)
"""With which systems send what they answer; a reply that arrives with less came from the next higher one."""


Form: TypeAlias = tuple[int, str]
"""How many labels a name has, and its last two: what is to be compared must be of one form."""


class Features(Struct, frozen=True, kw_only=True):
    """One hop of one way."""

    silent: bool
    addresses: frozenset[str]
    names: frozenset[str]
    """In lower case, without those that several routers bear."""

    devices: frozenset[str]
    """What names say without their interfaces."""

    forms: frozenset[Form]
    """Of its device's names."""

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
    devices = _devices(there, back)
    mine, others = (tuple(_features(station, devices, knowledge) for station in way) for way in (there, back))
    return mine, others


def _replies(station: Station) -> Iterable[HopReply]:
    return islice(station.replies, MOST_REPLIES)


def _names(station: Station) -> frozenset[str]:
    names = (reply.name.casefold().rstrip(".") for reply in _replies(station) if reply.name)
    return frozenset(name for name in names if name not in GENERIC_NAMES)


def _devices(there: Sequence[Station], back: Sequence[Station]) -> dict[str, str]:
    """Name to device: of names that have an interface in them without it, of others as they are.

    What several hops of one way have in common names their domain or their place, not one of them; so does a name that
    they all bear, unless it is one router, passed twice, by its address. Such names are left out.
    """
    ways = [[_names(station) for station in way] for way in (there, back)]
    flat = [frozenset(name for names in way for name in names) for way in ways]
    found = {name: device for name in flat[0] | flat[1] if (device := device_of(name))}
    found = learnt_devices(*(names - found.keys() for names in flat)) | found
    shared = set()
    for way, called in zip((there, back), ways, strict=True):
        bearers: dict[str, list[Station]] = defaultdict(list)
        for station, names in zip(way, called, strict=True):
            for device in {found.get(name, name) for name in names}:
                bearers[device].append(station)
        shared |= {device for device, stations in bearers.items() if not _are_one(stations)}
    return {name: device for name in flat[0] | flat[1] if (device := found.get(name, name)) not in shared}


def _are_one(stations: Sequence[Station]) -> bool:
    """Whether all these hops of one way show one address."""
    if len(stations) == 1:
        return True
    addresses = [frozenset(reply.address for reply in _replies(station) if reply.address) for station in stations]
    return bool(frozenset.intersection(*addresses))


def _features(station: Station, devices: dict[str, str], knowledge: Knowledge) -> Features:
    replies = list(_replies(station))
    addresses = frozenset(reply.address for reply in replies if reply.address)
    names = frozenset(name for name in _names(station) if name in devices)
    called = frozenset(devices[name] for name in names)
    listed = (knowledge.device(reply) for reply in replies)
    numbers = {number for number in map(knowledge.network, addresses) if number is not None}
    ttls = [reply.reply_ttl for reply in replies if reply.reply_ttl is not None]
    return Features(
        silent=station.silent,
        addresses=addresses,
        names=names,
        devices=called,
        forms=frozenset(_form(device) for device in called),
        domains=frozenset(domain_of(device) for device in called),
        listed=frozenset(device for device in listed if device),
        networks=frozenset(numbers or {number for reply in replies for number in reply.networks}),
        systems=frozenset(initial(ttl) for ttl in ttls),
        returns=frozenset(initial(ttl) - ttl + 1 for ttl in ttls)
        | {reply.back for reply in replies if reply.back is not None},
    )


def domain_of(name: str) -> str:
    """The last two labels; bare host names are of one domain, too."""
    return ".".join(name.split(".")[-2:]) if "." in name else ""


def _form(name: str) -> Form:
    return name.count("."), domain_of(name)


def initial(ttl: int) -> int:
    """The TTL with which a packet was sent that arrived with *ttl*, as far as the usual ones go."""
    return next((first for first in INITIAL_TTLS if ttl <= first), INITIAL_TTLS[-1])
