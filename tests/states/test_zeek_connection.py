"""What the letters and states of conn.log mean (base/protocols/conn/main.zeek), attempts in several lines."""

import pytest

from bothways.evidence.flow import Ending, Flow
from bothways.states.zeek_connection import ENDINGS, Connections, UnreadableLineError

BASE = {
    "ts": "1000.0",
    "id.orig_h": "10.0.0.2",
    "id.orig_p": "40000",
    "id.resp_h": "192.0.2.2",
    "id.resp_p": "443",
    "proto": "tcp",
}


def told(*lines: dict[str, str]) -> list[Flow]:
    connections = Connections()
    for number, values in enumerate(lines, start=1):
        connections.add(BASE | values, number)
    return connections.flows


def syns(ts: str, duration: str = "", packets: str = "1", **more: str) -> dict[str, str]:
    spent = {"duration": duration} if duration else {}
    return {"ts": ts, "conn_state": "S0", "history": "S", "orig_pkts": packets, "resp_pkts": "0"} | spent | more


def test_every_state_of_the_manual_is_known() -> None:
    states = ["S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH"]
    assert sorted(ENDINGS) == sorted(states)
    assert told({"conn_state": "NEW"})[0].ending is Ending.UNSAID


@pytest.mark.parametrize(
    ("history", "kept", "complete"),
    [
        ("ShADadFf", "ShADadFf", True),
        ("^hADad", "hADad", True),
        ("S", "S", True),
        ("", "", True),
        ("ShADTWWadtT", "ShADTadtT", True),
        ("SAD", "SAD", False),
        ("hadf", "hadf", False),
        ("ShADCad", "ShADad", False),
        ("ShADgad", "ShADad", False),
        ("ShADXad", "ShADad", False),
        ("QShADad", "ShADad", False),
        ("IShADad", "ShADad", False),
        ("no letters!", "", True),
    ],
)
def test_letters_tell_what_happened_and_what_was_missed(history: str, kept: str, complete: bool) -> None:  # noqa: FBT001 - a column of the table
    (flow,) = told({"history": history})
    assert (flow.history, flow.complete) == (kept, complete)


def test_missed_bytes_make_it_incomplete() -> None:
    assert not told({"history": "ShADad", "missed_bytes": "1448"})[0].complete


def test_an_attempt_that_fills_several_lines_is_one_connection() -> None:
    """Linux sends its SYN after 0, 1, 3, 7, 15 and 31 s; Zeek begins a line with each that is 5 s after the last."""
    (flow,) = told(syns("1000.0", "3.05", "3"), syns("1007.1"), syns("1015.3"), syns("1031.5"))
    assert (flow.line, flow.first, flow.last) == (1, 1000 * 10**9, 1_031_500 * 10**6)
    assert (flow.history, flow.packets, flow.ending) == ("SS", (6, 0), Ending.ATTEMPT)


def test_a_repeated_syn_that_is_answered_ends_the_attempt() -> None:
    answered = {"ts": "1007.1", "conn_state": "SF", "history": "ShADadFf", "orig_pkts": "6", "resp_pkts": "5"}
    (flow,) = told(syns("1000.0", "3.05", "3"), answered)
    assert (flow.first, flow.ending, flow.history, flow.packets) == (1000 * 10**9, Ending.CLOSED, "SShADadFf", (9, 5))


@pytest.mark.parametrize(
    "second",
    [
        syns("1060.0"),
        syns("999.0"),
        syns("1007.1", **{"id.orig_p": "40001"}),
        {"ts": "1007.1", "conn_state": "OTH", "history": "ADad"},
    ],
)
def test_what_does_not_follow_as_a_retry_would_is_another_connection(second: dict[str, str]) -> None:
    assert len(told(syns("1000.0", "3.05", "3"), second)) == 2


def test_a_count_that_one_line_does_not_give_is_unknown_in_the_sum() -> None:
    one = syns("1000.0", "3.05", "3")
    other = syns("1007.1")
    del other["orig_pkts"]
    assert told(one, other)[0].packets == (None, 0)


@pytest.mark.parametrize(
    "values", [{"ts": "1e15"}, {"ts": "0001-01-01T00:00:00Z"}, {"id.orig_p": "70000"}, {"id.orig_h": "x\x1b[2J"}]
)
def test_a_line_without_time_or_ends_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(UnreadableLineError) as refused:
        told(values)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("text", ["-1", "1e99", "nan", "", "1.0.0"])
def test_a_duration_that_is_none_is_unknown(text: str) -> None:
    assert told({"duration": text})[0].last is None
