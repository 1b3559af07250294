"""The JSON document keeps its contract."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bothways import __version__
from bothways.connections.background import Background
from bothways.diagnosis.model import Apart, Diagnosis, Ruling
from bothways.evidence.citation import Citation
from bothways.report.json_document import document
from bothways.report.page import page_of
from bothways.report.schema import Document
from bothways.report.terminal import draw
from tests.helpers.diagnoses import BYPASSED, NOT_TAKEN, diagnosis, target


def written(made: Diagnosis) -> dict[str, Any]:
    text = document(made, page_of(made))
    msgspec.json.decode(text, type=Document)
    whole: dict[str, Any] = json.loads(text)
    return whole


VERDICT = {"standing", "theory", "answer", "possible", "summary", "where", "target"}


def test_the_whole_has_the_promised_keys() -> None:
    whole = written(diagnosis(target(Ruling.OPEN)))
    assert {"schema", "bothways", "verdict", "targets", "observers", "evidence"} <= whole.keys()
    assert (whole["schema"], whole["bothways"]) == (1, __version__)


@pytest.mark.parametrize("ruling", list(Ruling))
def test_a_verdict_has_the_promised_keys(ruling: Ruling) -> None:
    whole = written(diagnosis(target(ruling)))
    for verdict in (whole["verdict"], whole["targets"][0]["verdict"]):
        assert verdict.keys() == VERDICT
        assert verdict["standing"] == ruling
        assert verdict["target"] == whole["targets"][0]["id"]
        assert (verdict["theory"] is not None) == (ruling is Ruling.CONFIRMED)


def test_a_target_has_the_promised_keys() -> None:
    (only,) = written(diagnosis(target(Ruling.OPEN)))["targets"]
    assert {
        *("id", "client", "server", "port", "name", "first_seen", "last_seen", "connections", "signatures"),
        *("verdict", "theories", "inseparable", "next", "facts"),
    } <= only.keys()
    assert {"seen", "failed", "censored"} <= only["connections"].keys()
    assert {"history", "connections", "example"} <= only["signatures"][0].keys()
    assert {"theory", "standing", "probability", "for", "against"} <= only["theories"][0].keys()
    assert {"question", "who", "command", "separates"} <= only["next"][0].keys()
    assert (only["server"], only["port"]) == ("203.0.113.2", 443)


def test_where_names_both_sides_and_the_hops() -> None:
    where = written(diagnosis(target(Ruling.CONFIRMED)))["verdict"]["where"]
    assert where == {
        "way": "there",
        "between": ["firewall-inside", "firewall-outside"],
        "hops": [{"name": "fw.campus.example", "address": "10.0.0.1", "index": 3}],
    }


def test_a_known_fact_has_an_answer_and_no_unknown() -> None:
    fact = written(diagnosis(target(Ruling.OPEN)))["targets"][0]["facts"][0]
    assert fact["answer"] == "not-taken"
    assert fact.keys().isdisjoint({"unknown", "why"})
    assert (fact["way"], fact["vantage"]) == ("there", "client")
    assert fact["cites"] == [{"file": "client.pcap", "frame": 11}, {"file": "client.pcap", "frame": 8}]


def test_an_unknown_fact_says_why_and_has_no_answer() -> None:
    fact = written(diagnosis(target(Ruling.OPEN)))["targets"][0]["facts"][2]
    assert fact["unknown"] is True
    assert fact["why"] == "no capture at the server"
    assert "answer" not in fact
    assert (fact["way"], fact["vantage"], fact["cites"]) == (None, None, [])


def test_facts_of_one_kind_are_numbered_and_referred_to() -> None:
    again = replace(NOT_TAKEN, cites=(Citation(file="b.pcap", frame=1),))
    (only,) = written(diagnosis(target(Ruling.OPEN, facts=(NOT_TAKEN, again, BYPASSED))))["targets"]
    assert [fact["id"] for fact in only["facts"]] == ["server-took-ack-1", "server-took-ack-2", "firewall-state"]
    assert only["theories"][0]["for"] == ["server-took-ack-1", "firewall-state"]


def test_every_reference_leads_to_a_fact() -> None:
    (only,) = written(diagnosis(target(Ruling.CONFIRMED)))["targets"]
    ids = {fact["id"] for fact in only["facts"]}
    assert {ref for theory in only["theories"] for ref in (*theory["for"], *theory["against"])} <= ids


def test_times_have_nanoseconds() -> None:
    (only,) = written(diagnosis(target(Ruling.OPEN)))["targets"]
    assert only["first_seen"] == "2027-01-15T08:00:00.123456789Z"
    (only,) = written(diagnosis(target(Ruling.OPEN, first_seen=None)))["targets"]
    assert only["first_seen"] is None


def test_evidence_and_observers() -> None:
    whole = written(diagnosis(target(Ruling.OPEN)))
    capture, strange = whole["evidence"]
    assert capture == {
        "path": "client.pcap",
        "sha256": "0" * 64,
        "kind": "capture",
        "vantage": "client",
        "read": {"packets": 54},
        "problems": [],
    }
    assert (strange["sha256"], strange["read"], strange["problems"]) == (None, {}, ["it is no text"])
    (observer,) = whole["observers"]
    assert observer.keys() == {"vantage", "file", "quality", "flaws"}
    assert observer["quality"][0] == "taken at the client, by its TTLs"
    assert observer["flaws"] == []


def test_the_summary_is_the_sentence_of_the_page() -> None:
    made = diagnosis(target(Ruling.OPEN))
    page = page_of(made)
    summary = written(made)["verdict"]["summary"]
    assert summary == page.headline
    assert " ".join(draw(page, width=100, colour=False, symbols=_plain()).split()).startswith(summary)


def _plain() -> Any:
    from bothways.report.symbols import ASCII  # noqa: PLC0415 - only this test draws

    return ASCII


def test_nothing_to_say_is_null_not_missing() -> None:
    whole = written(diagnosis())
    assert whole["targets"] == []
    verdict = whole["verdict"]
    assert verdict["standing"] == "undetermined"
    assert (verdict["theory"], verdict["answer"], verdict["where"], verdict["target"]) == (None, None, None, None)


def test_hostile_names_carry_no_control_characters() -> None:
    text = document(made := diagnosis(target(Ruling.OPEN, name="\x1b[2Jevil\udc9b")), page_of(made)).decode()
    assert "\\u001b" not in text
    assert json.loads(text)["targets"][0]["name"] == "\\x1b[2Jevil\\udc9b"


def test_what_was_counted_apart_stands_with_its_target_and_with_the_whole() -> None:
    apart = (
        Apart(kind=Background.SCAN, client="192.0.2.7", connections=312, servers=300),
        Apart(kind=Background.STRAY, client=None, connections=4, servers=2),
    )
    background = ((Background.SCAN, 300), (Background.RACE_LOSER, 2))
    whole = written(diagnosis(target(Ruling.OPEN, background=background), background=apart, ports_used_again=3))
    assert whole["background"] == [
        {"kind": "scan", "client": "192.0.2.7", "connections": 312, "servers": 300},
        {"kind": "stray", "client": None, "connections": 4, "servers": 2},
    ]
    assert whole["ports_used_again"] == 3
    connections = whole["targets"][0]["connections"]
    assert connections["background"] == {"scan": 300, "race-loser": 2}
    assert connections["probes"] == 300
