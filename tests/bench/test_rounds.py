"""The benchmark runs readers in turns, scales what read a part, and says whether the aims are met."""

import sys
from pathlib import Path

import pytest

from bench.large import truth
from bench.large.kinds import Kind, draw
from bench.large.peers import CAT, DIAGNOSE, PASS_ONE, PEERS, Peer, missing
from bench.large.process import Run, run
from bench.large.rounds import Capture, Timed, check, first_packets, in_turns
from bench.large.tables import aims, document, table


def peer(name: str, *command: str) -> Peer:
    return Peer(name=name, says=name, command=lambda file, _: [*command, str(file)])


def timed(reader: str, seconds: float, *, capture: str = "1", peak: int = 100, read: int = 1000) -> Timed:
    known = next(one for one in PEERS if one.name == reader)
    done = Run(seconds=seconds, cpu=seconds / 2, peak=peak, status=0, said="")
    return Timed(peer=known, capture=capture, packets=read, size=10 * read, whole=1000, runs=[done])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Capture:
    folder = tmp_path_factory.mktemp("captures")
    path = folder / "small.pcap"
    kind = Kind(name="small", says="", size=0, connections=60, failures=25)
    truth.write(draw(kind, path, seed=1), path)
    return Capture(name="small", path=path, truth=truth.read(path), first=first_packets(path, folder))


def test_readers_take_turns_and_one_that_fails_is_left_out(small: Capture, tmp_path: Path) -> None:
    told: list[str] = []
    peers = [peer("a", "cat"), peer("broken", "false"), peer("b", "cat")]
    measured = in_turns([(small, peers)], tmp_path, 2, told.append, slow_once=False)
    assert [line.split()[2] for line in told if line.startswith("turn")] == ["a", "broken", "b", "a", "b"]
    assert "broken failed: " in told
    assert [(one.peer.name, len(one.runs)) for one in measured] == [("a", 2), ("b", 2)]


def test_pass_one_tells_how_long_its_call_took(small: Capture, tmp_path: Path) -> None:
    own = [one for one in PEERS if one.name == PASS_ONE]
    (measured,) = in_turns([(small, own)], tmp_path, 1, lambda _: None, slow_once=False)
    assert measured.call is not None
    assert 0 < measured.call < measured.median


def test_the_diagnosis_is_held_to_the_truth(small: Capture, tmp_path: Path) -> None:
    assert check(small, sys.executable, tmp_path) == []


def test_memory_is_that_of_the_program(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", "len(bytes(range(256)) * 1_000_000)"], tmp_path / "out")
    assert done.status == 0
    assert done.peak > 256_000_000


def test_who_read_a_part_is_scaled() -> None:
    part = timed("netverdict", 2.0, read=100)
    assert part.median == pytest.approx(20)
    assert part.rate == pytest.approx(50)


def test_aims_are_told_as_met_or_missed() -> None:
    own = timed(PASS_ONE, 1.0, peak=200_000_000)
    own.called.append(0.5)
    measured = [own, timed(CAT, 0.2), timed(DIAGNOSE, 4.0, peak=400_000_000), timed("argus", 9.0)]
    measured.append(timed(PASS_ONE, 3.0, capture="4", peak=230_000_000))
    assert list(aims(measured)) == [
        "pass one in speeds of cat, at least 0.35: 0.40, met; with the start of Python 0.20, MISSED",
        "pass one in speeds of argus, at least 8: 18.00, met; with the start of Python 9.00, met",
        "diagnosis in pass ones, at most 3: 4.00, MISSED; in calls of it 8.00, MISSED",
        "peak memory of pass-one, less than 300 MB: 200, met",
        "the same for 4 GB, at most 1.1 times: 1.15, MISSED",
        "peak memory of diagnose, less than 300 MB: 400, MISSED",
    ]


def test_the_table_and_the_document_hold_what_was_measured() -> None:
    measured = [timed(PASS_ONE, 1.0), timed(CAT, 0.5), timed("netverdict", 2.0, read=100)]
    rows = list(table(measured))
    assert rows[-1].split() == [
        "1",
        "netverdict",
        "20.00",
        "10.00",
        "1",
        "0.000",
        "0.000",
        "0",
        "20.00",
        "40.00",
        "scaled",
    ]
    said = document(measured, {"1": []}, {"argus": "not installed"})
    assert [one["median_scaled"] for one in said["measured"]] == [1.0, 0.5, 20.0]
    assert said["skipped"] == {"argus": "not installed"}


def test_a_reader_that_is_not_installed_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    argus = next(one for one in PEERS if one.name == "argus")
    assert missing(argus, Path()) == "argus was not found: install the package argus-server"
