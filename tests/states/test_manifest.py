"""A dossier's manifest, read as a stranger's: each entry for itself, and none of them to be trusted."""

import json

import pytest
from hypothesis import given

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.manifest import Asked, Listed
from bothways.states import READERS, manifest
from bothways.way import Way
from tests.helpers.mangled import mangled

HASH = "0" * 64
FILE = {"name": "client.pcap", "sha256": HASH, "kind": "capture", "vantage": "client"}
TARGET = {"address": "192.0.2.2", "port": 443, "name": "www.example.net"}


def text_of(**more: object) -> str:
    return json.dumps({"bothways-dossier": 1, "version": "0.1.0", **more})


EVERYTHING = text_of(
    began="2026-11-22T17:53:20.000000001Z",
    ended="2026-11-22T17:53:30.5Z",
    command=["bothways", "check", "www.example.net"],
    privileges=["CAP_NET_RAW"],
    targets=[TARGET],
    controls=[{"address": "192.0.2.3", "port": 443}],
    files=[FILE, {"name": "inbound.mtr.txt", "sha256": HASH, "way": "back", "control": True}],
)


def test_all_that_it_says_is_read() -> None:
    assert [name for name, _, recognises, _ in READERS if recognises(EVERYTHING)] == ["the manifest of a dossier"]
    reading = manifest.read(EVERYTHING, file="manifest.json")
    said = reading.content
    assert not reading.problems
    assert (said.began, said.ended) == (1_795_370_000_000_000_001, 1_795_370_010_500_000_000)
    assert (said.command, said.privileges) == (("bothways", "check", "www.example.net"), ("CAP_NET_RAW",))
    assert said.targets == (Asked(server=Endpoint("192.0.2.2", 443), name="www.example.net"),)
    assert said.controls == (Asked(server=Endpoint("192.0.2.3", 443)),)
    assert said.files == (
        Listed(name="client.pcap", sha256=HASH, kind="capture", vantage="client"),
        Listed(name="inbound.mtr.txt", sha256=HASH, way=Way.BACK, control=True),
    )


@pytest.mark.parametrize(
    ("key", "entry", "says"),
    [
        ("targets", {**TARGET, "port": 0}, "entry 1 of its `targets` was left out: it has no port"),
        ("targets", {**TARGET, "port": True}, "it has no port"),
        ("targets", {**TARGET, "address": "www.example.net"}, "it has no IP address"),
        ("targets", {**TARGET, "name": 7}, "its name is no text"),
        ("controls", "192.0.2.3", "entry 1 of its `controls`"),
        ("files", {**FILE, "name": "../client.pcap"}, "names no file of this dossier"),
        ("files", {**FILE, "name": "a\\b"}, "names no file of this dossier"),
        ("files", {**FILE, "name": ".."}, "names no file of this dossier"),
        ("files", {**FILE, "sha256": "abc"}, "client.pcap comes without a SHA-256"),
        ("files", {**FILE, "vantage": "\x1b[2J"}, "taken nowhere"),
        ("files", {**FILE, "way": "up"}, "neither there nor back"),
        ("files", [], "names no file"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_named_and_the_next_one_counts(key: str, entry: object, says: str) -> None:
    sound = FILE if key == "files" else TARGET
    reading = manifest.read(text_of(**{key: [entry, sound]}), file="manifest.json")
    assert [says in problem.says for problem in reading.problems] == [True]
    assert len(getattr(reading.content, key)) == 1


@pytest.mark.parametrize("key", ["targets", "controls", "files", "command", "privileges"])
def test_what_should_be_a_list_and_is_none_is_left_out(key: str) -> None:
    reading = manifest.read(text_of(**{key: {"a": 1}}), file="manifest.json")
    assert [problem.says for problem in reading.problems] == [f"its `{key}` is no list, and was left out"]
    assert getattr(reading.content, key) == ()


def test_a_file_that_is_listed_twice_counts_once() -> None:
    reading = manifest.read(text_of(files=[FILE, {**FILE, "vantage": "server"}]), file="manifest.json")
    assert [one.vantage for one in reading.content.files] == ["client"]
    assert "stands in it before" in reading.problems[0].says


def test_wrong_times_and_texts_are_left_out() -> None:
    reading = manifest.read(text_of(began="yesterday", ended="2026-13-01T00:00:00Z", command=[1]), file="m")
    assert (reading.content.began, reading.content.ended, reading.content.command) == (None, None, ())
    assert len(reading.problems) == 3


def test_one_of_another_version_is_read_as_far_as_it_is_understood() -> None:
    reading = manifest.read(EVERYTHING.replace('dossier": 1', 'dossier": 2'), file="manifest.json")
    assert "another version" in reading.problems[0].says
    assert len(reading.content.files) == 2


def test_one_that_is_huge_or_broken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert manifest.read(EVERYTHING[:-9], file="m").problems[0].says.startswith("it is no JSON object")
    assert manifest.read('{"bothways-dossier":' + "[" * 100_000, file="m").content.files == ()
    monkeypatch.setattr(manifest, "LARGEST", 10)
    assert "too large" in manifest.read(EVERYTHING, file="m").problems[0].says


def test_lists_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "MOST_ASKED", 1)
    reading = manifest.read(text_of(targets=[TARGET, TARGET]), file="m")
    assert len(reading.content.targets) == 1
    assert "more than 1 entries" in reading.problems[0].says


@given(mangled(EVERYTHING))
def test_mangled_manifests_do_no_harm(text: str) -> None:
    said = manifest.read(text, file="manifest.json").content
    assert all("/" not in one.name for one in said.files)
    assert all(1 <= one.server.port <= 65535 for one in (*said.targets, *said.controls))
