"""What an alignment says of a road's reports, beside what the lab knows of it.

A folder holds reports (`outbound*`, `inbound*`) and `truth.json` as `bothways.lab.roads.truth` writes it.
"""

import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.paths.alignment import Kinship, Row, align
from bothways.paths.alone import ways_alone
from bothways.paths.course import Course, Station, courses_of
from bothways.paths.ends import Reports
from bothways.paths.two_ends import TwoEnds
from bothways.way import Way
from tests.helpers.road_truth import Hint, Truth, hint


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

    likely: tuple[tuple[float, bool], ...]
    """Each row with a station of both ways, claimed as a pair or not: its confidence, and whether it is one router."""

    only: int
    """Routers that were said to stand on one way only."""

    wrong_only: tuple[str, ...]
    """Those that stand on the other, too."""

    strays: tuple[str, ...]
    """Replies of addresses that the truth does not have at that distance: a fault of the lab, or of a reader."""

    seconds: float
    """Processor time of aligning."""


def judged(folder: Path, *, alone: bool = False) -> Verdict:
    """Align the reports of a folder, and compare with its truth.

    The ends of the ways are told, as captures would tell them, or the reports are *alone*.
    """
    truth = Truth((folder / "truth.json").read_text(encoding="utf-8"))
    there, back = _courses(folder, truth, alone=alone)
    start = time.process_time()
    alignments = [align(*pair) for pair in product(there, back)]
    seconds = time.process_time() - start
    rows = [row for one in alignments for row in one.rows]
    claims = _claims(truth, rows)
    only = _absences(rows)
    return Verdict(
        road=folder.name,
        traits=truth.traits(),
        routers=tuple(
            _judged(truth, there, back, {name for mine, others in claims.values() for name in mine & others})
        ),
        claimed=len(claims),
        wrong=tuple(
            f"{says} ({_listed(mine)}, {_listed(others)})"
            for says, (mine, others) in claims.items()
            if not mine & others
        ),
        likely=tuple(
            (row.confidence, bool(truth.at(Way.THERE, row.there) & truth.at(Way.BACK, row.back)))
            for row in rows
            if row.there and row.back
        ),
        only=len(only),
        wrong_only=tuple(
            f"only {way} {station.index} {station.label} ({_listed(truth.at(way, station))})"
            for way, station in only
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


def _courses(folder: Path, truth: Truth, *, alone: bool) -> tuple[list[Course], list[Course]]:
    told = truth.told
    files = [str(file) for file in sorted(folder.iterdir()) if file.name != "truth.json"]
    case = gather(files, said=word((), ()))
    called = {address: one["name"] for address, one in told["names"].items()}
    clients, servers = (
        [word for address in addresses for word in (address, called.get(address)) if word]
        for addresses in ((told["client"], told["client_seen"]), (told["server"],))
    )
    if alone:
        courses = ways_alone(case.paths).courses
    else:
        courses = courses_of(Reports(case.paths).of(TwoEnds.of(clients, servers, frozenset())).paths)
    return [one for one in courses if one.way is Way.THERE], [one for one in courses if one.way is Way.BACK]


def _claims(truth: Truth, rows: list[Row]) -> dict[str, tuple[set[str], set[str]]]:
    """The pairs, in words, each with the routers that stand at its one end and at its other."""
    return {
        f"there {row.there.index} {row.there.label} and back {row.back.index} {row.back.label}": (
            truth.at(Way.THERE, row.there),
            truth.at(Way.BACK, row.back),
        )
        for row in rows
        if row.kinship is Kinship.SAME and row.there and row.back
    }


def _absences(rows: list[Row]) -> list[tuple[Way, Station]]:
    sides = {Kinship.ONLY_THERE: Way.THERE, Kinship.ONLY_BACK: Way.BACK}
    return [
        (sides[row.kinship], station)
        for row in rows
        if row.kinship in sides
        for station in (row.there if row.kinship is Kinship.ONLY_THERE else row.back,)
        if station is not None
    ]


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
            hint=hint(truth, name, shown, there, back),
            paired=name in paired,
            answers=truth.told["routers"][name]["answers"],
        )
        for name in sorted(truth.both() & heard[0] & heard[1])
    ]


def _listed(names: set[str]) -> str:
    return "/".join(sorted(names)) or "a host"
