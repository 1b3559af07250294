"""Reports of real tools on roads that were built: what they show is what the truth says, and nothing else."""

import json
from pathlib import Path

import pytest

from bothways.errors import CallError
from bothways.evidence.path_report import PathReport
from bothways.lab.roads.behaviour import Answers, Silent
from bothways.lab.roads.road import Road, road
from bothways.lab.roads.travelled import travel
from bothways.lab.roads.truth import text
from bothways.traces import READERS
from bothways.way import Way

pytestmark = pytest.mark.lab

LENGTH = 9
OLD, NEW = road(292, longest=LENGTH), road(114, longest=LENGTH)
"""IPv4 and IPv6; between them they have detours, silent routers, and all ways to answer."""


def _reports(folder: Path, one: Road) -> list[tuple[Way, PathReport]]:
    found = []
    for asked in one.reports:
        told = (folder / asked.file).read_text()
        (read,) = (read for _, recognises, read in READERS if recognises(told))
        reading = read(told, file=asked.file)
        assert reading.problems == ()
        (report,) = reading.content
        found.append((Way.THERE if asked.file.startswith("outbound") else Way.BACK, report))
    return found


def _standing(one: Road, way: Way, index: int) -> set[str]:
    row = one.way(way)
    end = "server" if way is Way.THERE else one.border or "client"
    return set(row[index - 1]) if index <= len(row) else {end}


def _may_answer(one: Road, way: Way, router: str, index: int) -> set[str]:
    """The addresses from which a router answers probes of a way, by how it was told to."""
    if router not in one.behaviours or index > len(one.way(way)):
        return set(one.addresses(router).values())
    if one.behaviours[router].answers is Answers.LOOPBACK:
        return {one.loopbacks[router]}
    if one.behaviours[router].answers is Answers.OUTGOING:
        return set(one.addresses(router).values())
    before = _standing(one, way, index - 1) if index > 1 else {"client" if way is Way.THERE else "server"}
    cables = [cable for cable in one.cables_of(router) if way in cable.carries and cable.other(router) in before]
    return {cable.address(router) for cable in cables}


def _hushed(one: Road, way: Way, router: str) -> bool:
    silent = one.behaviours[router].silent if router in one.behaviours else Silent.NOBODY
    return silent in {Silent.BOTH, Silent.CLIENT if way is Way.THERE else Silent.SERVER}


@pytest.mark.parametrize("one", [OLD, NEW], ids=lambda one: f"IPv{one.ip}")
def test_each_report_shows_who_stands_there_and_answers(one: Road, tmp_path: Path) -> None:
    travel(one, tmp_path / "road", lambda _: None)
    assert (tmp_path / "road" / "truth.json").read_text() == text(one)
    called = {address: name.name for address, name in one.names.items()}
    for way, report in _reports(tmp_path / "road", one):
        assert report.hops[-1].index == len(one.way(way)) + 1, report.file
        for hop in report.hops:
            standing = _standing(one, way, hop.index)
            may = {address for router in standing for address in _may_answer(one, way, router, hop.index)}
            for reply in hop.replies:
                assert reply.address is None or reply.address in may, (report.file, hop)
                assert reply.address or reply.name in {called[address] for address in may & called.keys()}, report.file
            assert hop.silent == all(_hushed(one, way, router) for router in standing), (report.file, hop)


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CallError, match="is not empty"):
        travel(OLD, tmp_path, lambda _: None)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_two_roads_differ_in_what_matters_here() -> None:
    truths = [json.loads(text(one)) for one in (OLD, NEW)]
    assert [told["ip"] for told in truths] == [4, 6]
    assert all(len(told["stretches"]) > 1 for told in truths)
    routers = [router for told in truths for router in told["routers"].values()]
    assert {router["silent"] for router in routers} >= {"nobody", "both"}
    assert {router["answers"] for router in routers} >= {"incoming", "outgoing"}
    assert not any(router["limited"] for router in routers)
