"""What an alignment says of a road's reports, beside what the lab knows of it.

A folder holds reports (`outbound*`, `inbound*`) and `truth.json` as `bothways.lab.roads.truth` writes it. Routers are
compared by their place in the truth: by distance, and where a balanced way has several there, by their addresses.
"""

import ipaddress
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.paths.alignment import Kinship, align
from bothways.paths.course import Course, Station, courses_of
from bothways.paths.model import paths_of
from bothways.way import Way


class Hint(StrEnum):
    """What lets a reader tell that a router of one way is one of the other; the first that holds."""

    ADDRESS = "address"
    """It shows the same address on both ways."""
    NAMES = "names"
    """Its names on both ways tell the same device, and no other router's do."""
    SUBNETS = "subnets"
    """Its address and a neighbour's on the other way are the two ends of a small subnet."""
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A router that stands on both ways and answered on both."""

    router: str
    hint: Hint
    paired: bool
    answers: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Everything that was claimed of one road, judged."""

    road: str
    traits: dict[str, str]
    routers: tuple[Judged, ...]
    claimed: int
    """Pairs."""

    wrong: tuple[str, ...]
    """Pairs of two routers, in words."""

    only: int
    """Routers that were said to stand on one way only."""

    wrong_only: tuple[str, ...]
    """Those that stand on the other, too."""

    strays: tuple[str, ...]
    """Replies of addresses that the truth does not have at that distance: a fault of the lab, or of a reader."""

    seconds: float
    """Processor time of aligning."""


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


_LENGTHS = ((1, 4), (5, 9), (10, 14), (15, 19), (20, 30))


def judged(folder: Path) -> Verdict:
    """Align the reports of a folder, and compare with its truth."""
    truth = Truth((folder / "truth.json").read_text(encoding="utf-8"))
    there, back = _courses(folder, truth)
    start = time.process_time()
    alignments = [align(*pair) for pair in product(there, back)]
    seconds = time.process_time() - start
    rows = [row for one in alignments for row in one.rows]
    claims = [
        (row.there, row.back, truth.at(Way.THERE, row.there), truth.at(Way.BACK, row.back))
        for row in rows
        if row.kinship is Kinship.SAME and row.there and row.back
    ]
    paired = {name for _, _, mine, others in claims for name in mine & others}
    alone = [
        (way, station)
        for row in rows
        for way, kind, station in (
            (Way.THERE, Kinship.ONLY_THERE, row.there),
            (Way.BACK, Kinship.ONLY_BACK, row.back),
        )
        if row.kinship is kind and station is not None
    ]
    return Verdict(
        road=folder.name,
        traits=truth.traits(),
        routers=tuple(_judged(truth, there, back, paired)),
        claimed=len(claims),
        wrong=tuple(
            f"there {one.index} {one.label} ({_listed(mine)}) and back {other.index} {other.label} ({_listed(others)})"
            for one, other, mine, others in claims
            if not mine & others
        ),
        only=len(alone),
        wrong_only=tuple(
            f"only {way} {station.index} {station.label} ({_listed(truth.at(way, station))})"
            for way, station in alone
            if truth.at(way, station) & truth.elsewhere(way)
        ),
        strays=tuple(
            stray
            for way, courses in ((Way.THERE, there), (Way.BACK, back))
            for course in courses
            for stray in truth.strays(way, course)
        ),
        seconds=seconds,
    )


def _courses(folder: Path, truth: Truth) -> tuple[list[Course], list[Course]]:
    told = truth.told
    files = [str(file) for file in sorted(folder.iterdir()) if file.name != "truth.json"]
    case = gather(files, said=word((), ()))
    called = {address: one["name"] for address, one in told["names"].items()}
    clients, servers = (
        [word for address in addresses for word in (address, called.get(address)) if word]
        for addresses in ((told["client"], told["client_seen"]), (told["server"],))
    )
    paths = paths_of(case.paths, clients=clients, servers=servers, controls=frozenset())
    courses = courses_of(paths)
    return [one for one in courses if one.way is Way.THERE], [one for one in courses if one.way is Way.BACK]


def _judged(truth: Truth, there: list[Course], back: list[Course], paired: set[str]) -> list[Judged]:
    shown = {
        way: [
            (station, name)
            for course in courses
            for station in course.stations
            if station.replies
            for name in truth.at(way, station)
        ]
        for way, courses in ((Way.THERE, there), (Way.BACK, back))
    }
    heard = [{name for _, name in shown[way]} for way in Way]
    return [
        Judged(
            router=name,
            hint=_hint(truth, name, shown, there, back),
            paired=name in paired,
            answers=truth.told["routers"][name]["answers"],
        )
        for name in sorted(truth.both() & heard[0] & heard[1])
    ]


_Shown = dict[Way, list[tuple[Station, str]]]


def _hint(truth: Truth, name: str, shown: _Shown, there: list[Course], back: list[Course]) -> Hint:
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
    return Hint.SUBNETS if any(_mates(*pair) for pair in ends) else Hint.NEITHER


def _behind(courses: list[Course], stations: list[Station]) -> list[Station]:
    """The stations one farther than these."""
    wanted = {station.index + 1 for station in stations}
    return [station for course in courses for station in course.stations if station.index in wanted]


def _addresses(stations: list[Station]) -> set[str]:
    return {reply.address for station in stations for reply in station.replies if reply.address}


def _mates(one: str, other: str) -> bool:
    """Whether two addresses are the ends of one link, by the lengths of prefix that links have."""
    first, second = ipaddress.ip_address(one), ipaddress.ip_address(other)
    if first.version != second.version or first == second:
        return False
    lengths = (31, 30) if first.version == 4 else (127, 126, 64)
    return any(_share(first, second, length) for length in lengths)


def _share(
    one: ipaddress.IPv4Address | ipaddress.IPv6Address,
    other: ipaddress.IPv4Address | ipaddress.IPv6Address,
    length: int,
) -> bool:
    subnet = ipaddress.ip_network(f"{one}/{length}", strict=False)
    usual = length != 30 or not {one, other} & {subnet[0], subnet[-1]}
    return other in subnet and usual


def _listed(names: set[str]) -> str:
    return "/".join(sorted(names)) or "a host"
