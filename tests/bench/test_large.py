"""The benchmark's captures are what their truth says, for this project's reader and for others."""

import json
import random
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.large import files, kinds, truth
from bench.large.flood import flooded
from bench.large.frames import SECOND
from bench.large.kinds import KINDS, Kind, capture, draw
from bench.large.plan import Failing
from bench.large.truth import Place, Truth
from bench.large.world import FAULTS, world
from bothways.connections.outcome import fate_of
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Survey
from tests.helpers.readers import survey

SMALL = Kind(name="small", says="a few hundred connections", size=0, connections=300, failures=40)


class Made(NamedTuple):
    path: Path
    truth: Truth


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("captures") / "small.pcap"
    return Made(path, draw(SMALL, path, seed=3))


@pytest.fixture(scope="module")
def plain(made: Made) -> Survey:
    return survey([made.path.read_bytes()], file="small.pcap")


def failed(found: Survey) -> Counter[Place]:
    assert found.end is not None
    counts: Counter[Place] = Counter()
    for sides in map(sides_of, found.rows):
        outcome = fate_of(sides, capture_end=found.end).outcome
        if outcome.failed:
            counts[str(ip_address(sides.server.address)), sides.server.port, str(outcome)] += 1
    return counts


def test_one_seed_makes_one_capture(made: Made, tmp_path: Path) -> None:
    again, other = tmp_path / "again.pcap", tmp_path / "other.pcap"
    assert draw(SMALL, again, seed=3) == made.truth
    draw(SMALL, other, seed=4)
    hashes = [sha256(path.read_bytes()).digest() for path in (made.path, again, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_reader_finds_every_failure_of_the_truth_and_no_other(made: Made, plain: Survey) -> None:
    assert truth.differences(made.truth, failed(plain)) == []
    assert made.truth.failed.total() == SMALL.failures
    assert {one.kind for one in made.truth.failing} == {fault.kind for fault in FAULTS}


def test_the_reader_counts_as_many_connections_and_packets(made: Made, plain: Survey) -> None:
    assert (len(plain.rows), plain.packets) == (made.truth.connections, made.truth.packets)
    assert made.truth.connections == SMALL.connections
    assert not plain.problems


def test_every_kind_of_packet_is_in_it(plain: Survey) -> None:
    ways = [way for row in plain.rows for way in (row.sent, row.received)]
    for counter in ("repeated", "resets", "zero_windows", "icmp_errors", "falls", "ttl", "ts_value", "name"):
        assert any(getattr(way, counter) for way in ways), counter
    assert any(":" in row.opener.address for row in plain.rows)
    assert dict(plain.layers)["vlan"] > 0
    assert plain.other_ip_packets > 0


def test_as_pcapng_it_is_the_same_capture(made: Made, plain: Survey, tmp_path: Path) -> None:
    other = tmp_path / "same.pcapng"
    files.as_pcapng(made.path, other)
    assert survey([other.read_bytes()], file="same.pcapng").rows == plain.rows


def test_a_cut_capture_has_a_truth_of_its_own(made: Made, tmp_path: Path) -> None:
    whole = replace(SMALL, name="whole")
    cut = capture(replace(SMALL, name="cut", of="whole"), tmp_path, 3, lambda _: None, kinds={"whole": whole})
    found = survey([cut.read_bytes()], file="cut.pcap")
    assert (found.snap_length, found.packets) == (96, made.truth.packets)
    assert truth.differences(truth.read(cut), failed(found)) == []


def test_no_forged_source_comes_twice() -> None:
    server = world(random.Random(1)).servers[-8]
    records = [record for found in flooded([[], []], 5000, SECOND, server, seed=1) for _, record in found]
    assert len({record[16 + 26 : 16 + 30] for record in records}) == len(records) == 5000


def test_a_flood_fails_nobody(tmp_path: Path) -> None:
    path = tmp_path / "flood.pcap"
    kind = Kind(name="flood", says="", size=0, connections=100, failures=25, forged=2000)
    held = draw(kind, path, seed=1)
    found = survey([path.read_bytes()], file="flood.pcap")
    assert truth.differences(held, failed(found)) == []
    assert len(found.rows) == held.connections + held.forged


@pytest.mark.oracle
@pytest.mark.skipif(not shutil.which("tcpdump"), reason="needs tcpdump")
def test_tcpdump_finds_its_checksums_right(made: Made) -> None:
    said = subprocess.run(["tcpdump", "-n", "-vv", "-r", made.path], capture_output=True, text=True, check=True)
    assert said.stdout.count("(correct)") > made.truth.packets * 0.8
    assert not re.findall("incorrect|bad cksum|invalid|wrong", said.stdout)


@pytest.mark.oracle
@pytest.mark.skipif(not shutil.which("tshark"), reason="needs tshark")
def test_tshark_finds_nothing_malformed(made: Made) -> None:
    command = ["tshark", "-n", "-r", str(made.path), "-Y", "_ws.malformed or tcp.checksum.status == 0"]
    command += ["-o", "tcp.check_checksum:TRUE"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == ""


def test_counts_that_differ_are_told() -> None:
    true = Truth(
        seed=1,
        packets=1,
        size=1,
        connections=9,
        forged=0,
        failing=(Failing("half-open", "198.51.100.1", 443, "half-open", 3),),
    )
    signatures = [{"outcome": "half-open", "connections": 2}, {"outcome": "worked", "connections": 6}]
    document = {"targets": [{"server": "198.51.100.1", "port": 443, "signatures": signatures}]}
    assert truth.differences(true, truth.counted(document)) == [
        "198.51.100.1 port 443: 2 counted as half-open, in truth 3"
    ]


def test_the_truth_is_read_as_it_was_written(made: Made) -> None:
    truth.write(made.truth, made.path)
    assert truth.read(made.path) == made.truth
    assert json.loads(truth.beside(made.path).read_text())["connections"] == SMALL.connections


def test_a_capture_is_made_once(tmp_path: Path) -> None:
    told: list[str] = []
    first = capture(SMALL, tmp_path, 1, told.append)
    assert capture(SMALL, tmp_path, 1, told.append) == first
    assert len(told) == 1


def test_a_full_disk_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(kinds.SPARE))
    with pytest.raises(OSError, match="make room"):
        capture(KINDS["10"], tmp_path, 1, lambda _: None)
    assert list(tmp_path.iterdir()) == []
