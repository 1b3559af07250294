"""`mtr --json` as printed by mtr 0.95 (jansson) and by 0.87 (numbers as strings; ui/report.c of its source)."""

import pytest
from hypothesis import given

from bothways.traces import mtr_json
from bothways.traces.runs import MOST_HOPS
from tests.helpers.mangled import mangled

NEW = """{
    "report": {
        "mtr": {"src": "vm", "dst": "192.0.2.2", "tos": 0, "tests": 2, "psize": "64", "bitpattern": "0x00"},
        "hubs": [
            {"count": 1, "host": "localhost (127.0.0.1)", "ASN": "AS???", "Loss%": 0.0, "Snt": 2, "Last": 0.062,
             "Avg": 0.066, "Best": 0.062, "Wrst": 0.07, "StDev": 0.005},
            {"count": 2, "host": "???", "Loss%": 100.0, "Snt": 2, "Last": 0.0, "Avg": 0.0, "Best": 0.0, "Wrst": 0.0},
            {"count": 3, "host": "192.0.2.2", "ASN": "AS64500", "Snt": 4, "Drop": 1, "Rcv": 3}
        ]
    }
}
"""
OLD = """{
  "report": {
    "mtr": {"src": "vm", "dst": "www.example.com", "tos": "0x0", "psize": "64", "bitpattern": "0x00", "tests": "10"},
    "hubs": [{
      "count": "1",
      "host": "gateway.example",
      "Loss%": "50.0%",
      "Snt": 10
    }]
  }
}
"""


def test_a_report_is_read() -> None:
    assert mtr_json.recognises(NEW)
    reading = mtr_json.read(NEW, file="x")
    (report,) = reading.content
    assert not reading.problems
    assert (report.source, report.destination_address, report.probe, report.line) == ("vm", "192.0.2.2", None, 1)
    first, second, third = report.hops
    assert (first.replies[0].name, first.replies[0].address) == ("localhost", "127.0.0.1")
    assert first.replies[0].round_trips == (62_000, 66_000, 70_000)
    assert second.silent
    assert (third.sent, third.loss, third.replies[0].round_trips) == (4, 0.25, ())
    assert [hop.replies[0].networks for hop in (first, third)] == [(), (64500,)]


def test_numbers_may_be_strings() -> None:
    (report,) = mtr_json.read(OLD, file="x").content
    assert (report.destination, report.destination_address) == ("www.example.com", None)
    assert (report.hops[0].index, report.hops[0].loss, report.hops[0].sent) == (1, 0.5, 10)


def test_reports_follow_one_another_after_their_prompts() -> None:
    text = f"$ mtr -jT 192.0.2.2\n{NEW}\n$ mtr --json www.example.com\n{OLD}$"
    assert mtr_json.recognises(text)
    reading = mtr_json.read(text, file="x")
    assert [report.probe for report in reading.content] == ["tcp-syn", "icmp"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (NEW.rstrip()[:-1], "breaks off"),
        ('{"report": {"hubs": 7}}', "no report of mtr"),
        ('{"report": {"hubs": [7, {}, {"count": 1}, {"count": 999, "host": "x"}]}}', "was left out"),
        ('{"report": {"hubs": []}} rest', "not understood"),
        ("", "no mtr report"),
        ('{"a":' * 5000, "breaks off"),
        ('{"a":' * 1500 + "1" + "}" * 1500, "no report of mtr"),
    ],
)
def test_what_is_not_understood_is_named(text: str, says: str) -> None:
    assert any(says in problem.says for problem in mtr_json.read(text, file="x").problems)


@pytest.mark.parametrize("text", ['{"report": {"name": "x"}}', "[]", "{}", ""])
def test_other_json_is_not_claimed(text: str) -> None:
    assert not mtr_json.recognises(text)


@given(mangled(NEW, OLD))
def test_nothing_makes_it_fall(text: str) -> None:
    mtr_json.recognises(text)
    reading = mtr_json.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(len(report.hops) <= MOST_HOPS for report in reading.content)
