"""What the lab knows of a road: who answered where, and what lets a reader tell.

Routers are known by their place: by distance, and where a balanced way has several there, by their addresses or names.
"""

import ipaddress
import json
from enum import StrEnum
from itertools import product
from typing import Any

from bothways.paths.course import Course, Station
from bothways.way import Way


class Hint(StrEnum):
    """What lets a reader tell that a router of one way is one of the other; the first that holds."""

    ADDRESS = "address"
    """It shows the same address on both ways."""
    NAMES = "names"
    """Its names on both ways tell the same device, and no other router's do."""
    SUBNETS = "subnets"
    """Its address and a neighbour's on the other way are the ends of a small subnet in which no third was seen."""
    NEITHER = "neither"


_LENGTHS = ((1, 4), (5, 9), (10, 14), (15, 19), (20, 30))


class Truth:
    """A road's `truth.json`."""

    def __init__(self, text: str) -> None:
        """Read it."""
        self.told: dict[str, Any] = json.loads(text)
        self._owner = {address: name for name, one in self.told["routers"].items() for address in one["addresses"]}
        self._named: dict[str, set[str]] = {}
        self._device: dict[str, set[str | None]] = {}
        for address, one in self.told["names"].items():
            if address in self._owner:
                self._named.setdefault(one["name"].casefold(), set()).add(self._owner[address])
                self._device.setdefault(one["name"].casefold(), set()).add(one["device"])

    def at(self, way: Way, station: Station) -> set[str]:
        """The routers that may have answered at a station; empty at a host, and where a reply is a stray."""
        row = self.told["there" if way is Way.THERE else "back"]
        if station.index > len(row):
            return set()
        standing = set(row[station.index - 1])
        heard = {self._owner[reply.address] for reply in station.replies if reply.address in self._owner}
        for reply in station.replies:
            if reply.address is None and reply.name:
                heard |= self._named.get(reply.name.casefold(), set())
        return standing & heard if station.replies else standing

    def strays(self, way: Way, course: Course) -> list[str]:
        """Replies at a router's distance of which none is that router's."""
        row = self.told["there" if way is Way.THERE else "back"]
        return [
            f"{way} {station.index}: {station.label}"
            for station in course.stations
            if not station.silent and station.index <= len(row) and not self.at(way, station)
        ]

    def both(self) -> set[str]:
        """The routers that stand on both ways."""
        there, back = ({name for at in self.told[way] for name in at} for way in ("there", "back"))
        return there & back

    def elsewhere(self, way: Way) -> set[str]:
        """The routers of the other way, those that hide behind a translating one included."""
        other = self.told["back" if way is Way.THERE else "there"]
        return {name for at in other for name in at} | set(self.told["inside"])

    def devices(self, station: Station) -> set[str]:
        """The devices that the names at a station tell."""
        told = set()
        for reply in station.replies:
            for device in self._device.get((reply.name or "").casefold(), ()):
                told |= {device} if device else set()
        return told

    def traits(self) -> dict[str, str]:
        """What the road is like, for tables."""
        told, routers = self.told, self.told["routers"].values()
        there, back = len(told["there"]), len(told["back"])
        longest = max(there, back)
        silent = sum(one["silent"] != "nobody" for one in routers) / len(routers)
        detours = [kind for kind in told["stretches"] if kind not in {"shared", "balanced"}]
        return {
            "length": next(f"{low}-{high}" for low, high in _LENGTHS if longest <= high),
            "lengths": "equal" if there == back else "unequal",
            "ways": f"{len(detours)} detours" if detours else "the same",
            "balanced": "yes" if "balanced" in told["stretches"] else "no",
            "silent": "none" if not silent else "up to a fifth" if silent <= 0.21 else "up to a third",
            "names": "some" if told["names"].keys() & {a for one in routers for a in one["addresses"]} else "none",
            "ip": str(told["ip"]),
            "latency": "on some links" if told["delayed"] else "none",
            "translated": "yes" if told["translated"] else "no",
        }


Shown = dict[Way, list[tuple[Station, str]]]


def hint(truth: Truth, name: str, shown: Shown, there: list[Course], back: list[Course]) -> Hint:
    mine, others = ([station for station, router in shown[way] if router == name] for way in Way)
    owned = set(truth.told["routers"][name]["addresses"])
    if owned & _addresses(mine) & _addresses(others):
        return Hint.ADDRESS
    devices = [set.union(*(truth.devices(station) for station in stations)) for stations in (mine, others)]
    others_devices = {
        device
        for way in Way
        for station, router in shown[way]
        if router != name and truth.at(way, station) == {router}
        for device in truth.devices(station)
    }
    if (devices[0] & devices[1]) - others_devices:
        return Hint.NAMES
    behind = [_behind(courses, stations) for courses, stations in ((there, mine), (back, others))]
    ends = [
        *product(_addresses(mine) & owned, _addresses(behind[1])),
        *product(_addresses(others) & owned, _addresses(behind[0])),
    ]
    seen = _addresses([station for course in (*there, *back) for station in course.stations])
    return Hint.SUBNETS if any(_mates(*pair, seen) for pair in ends) else Hint.NEITHER


def _behind(courses: list[Course], stations: list[Station]) -> list[Station]:
    """The stations one farther than these."""
    wanted = {station.index + 1 for station in stations}
    return [station for course in courses for station in course.stations if station.index in wanted]


def _addresses(stations: list[Station]) -> set[str]:
    return {reply.address for station in stations for reply in station.replies if reply.address}


def _mates(one: str, other: str, seen: set[str]) -> bool:
    """Whether two addresses are the ends of one link, by the lengths of prefix that links have.

    In a subnet of which more than these two were *seen*, nobody can tell which two belong together.
    """
    first, second = ipaddress.ip_address(one), ipaddress.ip_address(other)
    if first.version != second.version or first == second:
        return False
    lengths = (31, 30) if first.version == 4 else (127, 126, 64)
    length = next((length for length in lengths if _share(first, second, length)), None)
    if length is None:
        return False
    subnet = ipaddress.ip_network(f"{one}/{length}", strict=False)
    return sum(ipaddress.ip_address(address) in subnet for address in seen) == 2


def _share(
    one: ipaddress.IPv4Address | ipaddress.IPv6Address,
    other: ipaddress.IPv4Address | ipaddress.IPv6Address,
    length: int,
) -> bool:
    subnet = ipaddress.ip_network(f"{one}/{length}", strict=False)
    usual = length != 30 or not {one, other} & {subnet[0], subnet[-1]}
    return other in subnet and usual
