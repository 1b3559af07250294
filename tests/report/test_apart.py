"""What was counted apart, in one sentence."""

import pytest

from bothways.connections.background import Background
from bothways.diagnosis.model import Apart, Ruling
from bothways.report.apart import apart
from bothways.report.page import page_of
from bothways.report.summary import counts
from bothways.report.symbols import ASCII
from bothways.report.terminal import draw
from tests.helpers.diagnoses import diagnosis, target


def line(kind: Background, connections: int, client: str | None = "192.0.2.7") -> Apart:
    return Apart(kind=kind, client=client, connections=connections, servers=1)


def test_where_nothing_was_counted_apart_nothing_is_said() -> None:
    assert apart(diagnosis(target(Ruling.OPEN))) == ""


def test_scanners_are_named_and_the_rest_is_counted() -> None:
    made = diagnosis(
        background=(
            line(Background.PATH_PROBE, 14),
            line(Background.SCAN, 312),
            line(Background.RACE_LOSER, 2, "10.0.0.1"),
            line(Background.RACE_LOSER, 1, "10.0.0.2"),
        )
    )
    assert apart(made) == (
        "Counted apart: 14 path probes, 312 connections of a scan from 192.0.2.7 and 3 losers of races between "
        "addresses."
    )


def test_many_scanners_are_not_all_named_and_all_counted() -> None:
    clients = [*(f"192.0.2.{number}" for number in range(10)), None]
    made = diagnosis(background=tuple(line(Background.SCAN, 30, client) for client in clients))
    said = apart(made)
    assert said.count("192.0.2.") == 3
    assert said.endswith(" and 240 connections of a scan from others.")


@pytest.mark.parametrize(("again", "times"), [(1, "1 time"), (3, "3 times")])
def test_ports_that_were_used_again_are_worth_a_sentence(again: int, times: str) -> None:
    said = apart(diagnosis(ports_used_again=again))
    assert said == f"The same ports were used again {times}: each use is judged by itself."


@pytest.mark.parametrize("kind", list(Background))
def test_one_of_each_kind_is_said_in_the_singular(kind: Background) -> None:
    assert apart(diagnosis(background=(line(kind, 1),))).startswith("Counted apart: 1 ")
    assert counts(target(Ruling.OPEN, background=((kind, 1),))).startswith("9 connections, 9 failed, 1 ")


def test_the_page_ends_with_it() -> None:
    made = diagnosis(target(Ruling.OPEN), background=(line(Background.SCAN, 312),))
    page = draw(page_of(made), width=100, colour=False, symbols=ASCII)
    assert page.splitlines()[-1] == "Counted apart: 312 connections of a scan from 192.0.2.7."
