"""Trippy's tables and CSV (world/ has whole reports)."""

import pytest
from hypothesis import given

from bothways.traces import trippy_table
from tests.helpers.mangled import mangled

HEAD = "| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n|-----+-----+--|\n"
TABLE = f"""{HEAD}| 1 | 192.0.2.1 | gw.example | 0.0 | 5 | 5 | 0.4 | 0.5 | 0.3 | 0.9 | 0.2 |
|   | 192.0.2.2 | Failed: 192.0.2.2 | | | | | | | | |
| 2 | ??? | ??? | 100.0 | 5 | 0 | ??? | 0.0 | ??? | ??? | 0.0 |
"""
CSV = """Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev
a.example,192.0.2.9,1,192.0.2.1:192.0.2.2,gw.example:192.0.2.2,20.0,5,4,0.4,0.5,0.3,0.9,0.2
b.example,2001:db8::9,1,2001:db8::1,gw.example,0.0,5,5,0.4,0.5,0.3,0.9,0.2
"""


def test_a_table_is_read() -> None:
    assert trippy_table.recognises(TABLE)
    reading = trippy_table.read(TABLE, file="x")
    assert not reading.problems
    (report,) = reading.content
    first, second = report.hops
    assert [(reply.name, reply.address) for reply in first.replies] == [
        ("gw.example", "192.0.2.1"),
        (None, "192.0.2.2"),
    ]
    assert first.replies[0].round_trips == (300_000, 500_000, 900_000)
    assert (second.silent, second.sent, second.loss, second.line) == (True, 5, 1.0, 5)


def test_csv_names_the_target_in_each_row() -> None:
    assert trippy_table.recognises(CSV)
    reading = trippy_table.read(CSV, file="x")
    assert not reading.problems
    assert [(report.destination, report.destination_address) for report in reading.content] == [
        ("a.example", "192.0.2.9"),
        ("b.example", "2001:db8::9"),
    ]
    assert [[reply.address for reply in report.hops[0].replies] for report in reading.content] == [
        ["192.0.2.1", "192.0.2.2"],
        ["2001:db8::1"],
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b.example,2001:db8::9,2,2001:db8::1:2001:db8::2,x:y,0.0,5,5,0.4,0.5,0.3,0.9,0.2", "told apart"),
        ("b.example,2001:db8::9,1,2001:db8::1,x,0.0,5,5,0.4,0.5,0.3,0.9,0.2", "out of order"),
        ("what is this", "not understood"),
    ],
)
def test_what_is_not_understood_is_named(line: str, says: str) -> None:
    reading = trippy_table.read(CSV + line + "\n", file="x")
    assert [(problem.line, says in problem.says) for problem in reading.problems] == [(4, True)]


@given(mangled(TABLE, CSV))
def test_nothing_makes_it_fall(text: str) -> None:
    trippy_table.recognises(text)
    reading = trippy_table.read(text, file="x")
    assert len(reading.problems) <= 20
    for report in reading.content:
        indices = [hop.index for hop in report.hops]
        assert indices == sorted(set(indices))
