"""Who runs which router of a long way, and what the routers are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bothways.lab.roads.naming import Device, Operator, operator
from bothways.lab.roads.shape import Kind, Shape, Stretch

_WORDS = ("orchard", "harbour", "longline", "northpipe", "backhaul", "lantern", "saltmarsh", "quarry", "meadow")
_CITIES = ("sfo", "fra", "osl", "nrt", "gru", "jnb", "lis", "ams", "waw")
_ROLES = ("cr", "br", "core", "edge", "bb", "agg", "pe", "ar", "rtr", "mx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who runs what."""

    operators: tuple[Operator, ...]
    of: Mapping[str, int]
    """By router: which of the operators runs it."""

    devices: Mapping[str, Device]


def drawn(chance: Random, shape: Shape, *, named: bool) -> Staff:
    """Draw who runs each router; neighbours are mostly one operator's. If not *named*, nobody names anything."""
    of = dict(_runs(chance, shape))
    count = max(of.values()) + 1
    domains = chance.sample([f"{word}{suffix}.example" for word in _WORDS for suffix in ("", "-net", "-ix")], count)
    operators = tuple(operator(chance, domain, named=named) for domain in domains)
    return Staff(operators=operators, of=of, devices=_devices(chance, of))


def _runs(chance: Random, shape: Shape) -> Iterator[tuple[str, int]]:
    current = newest = 0
    left = chance.randint(1, 4)
    for stretch in shape.stretches:
        own = stretch.kind not in {Kind.SHARED, Kind.BALANCED} and chance.random() < 0.5
        for chain in _rows(stretch):
            if own:
                newest += 1
                yield from ((router, newest) for router in chain)
                continue
            for router in chain:
                yield router, current
                left -= 1
                if left < 0 and stretch.kind is Kind.SHARED:
                    newest += 1
                    current, left = newest, chance.randint(2, 7)


def _rows(stretch: Stretch) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys((*stretch.there, *stretch.back)))


def _devices(chance: Random, of: Mapping[str, int]) -> dict[str, Device]:
    devices: dict[str, Device] = {}
    taken: set[tuple[int, Device]] = set()
    city = "fra1"
    for router, number in of.items():
        if chance.random() < 0.4:
            city = f"{chance.choice(_CITIES)}{chance.randint(1, 3)}"
        device = Device(label=f"{chance.choice(_ROLES)}{chance.randint(1, 4)}", city=city)
        while (number, device) in taken:
            device = Device(label=f"{chance.choice(_ROLES)}{chance.randint(1, 9)}", city=city)
        taken.add((number, device))
        devices[router] = device
    return devices
