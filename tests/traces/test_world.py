"""Reports as people paste them, each read whole; world/world.toml says where the form was seen."""

import re
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from bothways.evidence.path_report import HopReply, PathReport
from bothways.host.opened import decoded
from bothways.traces import READERS
from tests.helpers.mangled import mangled

WORLD = Path(__file__).parent / "world"
TABLE: dict[str, dict[str, Any]] = tomllib.loads((WORLD / "world.toml").read_text())
MUST = {"source", "licence", "carried", "reader", "hops", "silent", "replies"}


def text_of(name: str) -> str:
    text = decoded((WORLD / name).read_bytes())
    assert text is not None
    return text


def reports(name: str) -> tuple[PathReport, ...]:
    (read,) = [read for reader, _, read in READERS if reader == TABLE[name]["reader"]]
    reading = read(text_of(name), file=name)
    assert not reading.problems
    return reading.content


def replies(found: Iterable[PathReport]) -> list[HopReply]:
    return [reply for report in found for hop in report.hops for reply in hop.replies]


def found_in(name: str) -> dict[str, Any]:
    """What the table may say of a file, as the reader found it."""
    every = reports(name)
    first, said = every[0], replies(every)
    hops = [hop for report in every for hop in report.hops]
    return {
        "reports": len(every),
        "hops": len(hops),
        "silent": sum(hop.silent for hop in hops),
        "replies": len(said),
        "tool": first.tool,
        "probe": first.probe,
        "source_host": first.source,
        "destination": first.destination,
        "destination_address": first.destination_address,
        "started": first.started,
        "reached": first.reached,
        "addresses": [[reply.address or "" for reply in hop.replies] for hop in first.hops],
        "round_trips": sum(len(reply.round_trips) for reply in said),
        "labels": sum(len(reply.labels) for reply in said),
        "networks": sorted({number for reply in said for number in reply.networks}),
        "marks": sorted({mark.value for reply in said for mark in reply.marks}),
        "mtus": sorted({hop.mtu for hop in hops if hop.mtu is not None}),
        "backs": sorted({reply.back for reply in said if reply.back is not None}),
        "reply_ttls": sorted({reply.reply_ttl for reply in said if reply.reply_ttl is not None}),
    }


def test_the_table_names_the_files_that_are_there_and_where_each_form_comes_from() -> None:
    assert sorted(TABLE) == sorted(path.name for path in WORLD.iterdir() if path.name != "world.toml")
    for name, says in TABLE.items():
        assert says.keys() >= MUST, name
        assert says["source"], name
        assert says["licence"], name


@pytest.mark.parametrize("name", TABLE)
def test_a_report_of_the_world_is_recognised_by_one_reader_and_read_whole(name: str) -> None:
    says = {"reports": 1} | TABLE[name]
    text = text_of(name)
    assert [reader for reader, recognises, _ in READERS if recognises(text)] == [says["reader"]]
    found = found_in(name)
    known = {key: says[key] for key in says if key in found}
    assert {key: found[key] for key in known} == known
    assert says.keys() <= found.keys() | MUST | {"about"}
    for report in reports(name):
        assert all(one.index < other.index for one, other in pairwise(report.hops))


@pytest.mark.parametrize("name", TABLE)
def test_the_line_cited_for_a_hop_holds_its_number_or_its_host(name: str) -> None:
    text = text_of(name)
    lines = text.split("\n" if "\n" in text else "\r")
    for report in reports(name):
        for hop in report.hops:
            unnumbered = TABLE[name]["reader"] in {"WinMTR", "Test-NetConnection", "MikroTik traceroute"}
            if hop.line is None or (unnumbered and hop.silent):
                continue
            line = lines[hop.line - 1]
            opens = line.strip()[:1] in {"{", "["}
            if opens and (hop.silent or len(line.strip()) == 1):  # JSON is cited where it opens; scamper omits silence.
                continue
            # mtr's raw output counts from 0.
            index = hop.index - (TABLE[name]["reader"] == "mtr raw output")
            hosts = [one for reply in hop.replies for one in (reply.address, reply.name) if one]
            assert str(index) in re.findall(r"\d+", line) or any(host in line for host in hosts)


def quoted(text: str) -> str:
    return "She wrote:\r\n" + "".join(f"> > {line}\r\n" for line in text.split("\n")) + "\r\nand I said so.\r\n"


def fenced(text: str) -> str:
    return f"Hello, see below.\n\n```\n{text}\n```\n"


ON_LINES = [name for name in TABLE if "\n" in text_of(name)]
TEXTS = [name for name in ON_LINES if not name.endswith((".json", ".jsonl"))]


def shown(found: Iterable[PathReport]) -> list[Any]:
    return [(report.destination, [(hop.index, hop.replies, hop.sent) for hop in report.hops]) for report in found]


@pytest.mark.parametrize("name", ON_LINES)
def test_a_mail_or_a_page_around_a_report_of_the_world_changes_nothing(name: str) -> None:
    text = text_of(name).replace("\r\n", "\n")
    for around in (quoted(text), fenced(text)):
        ((reader, read),) = [(reader, read) for reader, recognises, read in READERS if recognises(around)]
        assert reader == TABLE[name]["reader"]
        assert shown(read(around, file=name).content) == shown(reports(name))


@given(text=mangled(*(text_of(name) for name in TEXTS)))
def test_whatever_happened_to_a_report_of_the_world_no_reader_falls(text: str) -> None:
    for _, recognises, read in READERS:
        if recognises(text):
            reading = read(text, file="x")
            assert len(reading.problems) <= 20
            for report in reading.content:
                assert all(one.index < other.index for one, other in pairwise(report.hops))
                assert all(hop.loss is None or 0 <= hop.loss <= 1 for hop in report.hops)
