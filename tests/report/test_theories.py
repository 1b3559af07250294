"""The list of theories and one theory, as drawn on a terminal."""

import re

import pytest
from rich.cells import cell_len

from bothways.facts.catalogue import FACTS
from bothways.report.ladder import ASCII, UNICODE
from bothways.report.theories import draw_facts, draw_list, draw_one
from bothways.theories.catalogue import THEORIES
from bothways.theories.explained import Heading, explanation
from bothways.theories.theory import Theory
from tests.helpers.judging import BY_ID

BYPASS = BY_ID["asymmetric-bypass"]

each_theory = pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.id)


def one(theory: Theory, *, width: int = 80, colour: bool = False, facts: bool = False) -> str:
    return draw_one(theory, explanation(theory), width=width, colour=colour, strokes=UNICODE, facts=facts)


def test_the_list_has_every_theory_on_one_line_of_eighty_columns() -> None:
    lines = draw_list(THEORIES, width=80, colour=False).splitlines()
    for theory in THEORIES:
        assert sum(re.fullmatch(rf"  {theory.id} +{re.escape(theory.title)}", line) is not None for line in lines) == 1


def test_the_list_goes_by_how_far_the_connection_gets() -> None:
    drawn = draw_list(THEORIES, width=80, colour=False)
    places = [
        drawn.index(name) for name in ("port-closed", "asymmetric-bypass", "mtu-black-hole", "application-silent")
    ]
    assert places == sorted(places)


@each_theory
@pytest.mark.parametrize("width", [40, 80])
def test_nothing_of_a_theory_is_wider_than_the_terminal(theory: Theory, width: int) -> None:
    assert all(cell_len(line) <= width for line in one(theory, width=width, facts=True).splitlines())


def test_a_theory_is_told_whole_and_in_order() -> None:
    drawn = one(BYPASS)
    places = [drawn.index(f"\n{heading}\n") for heading in Heading]
    assert places == sorted(places)
    assert "─► " in drawn.replace("►│", "► ").replace("►✘", "► ")
    assert "\n  Verify: " in drawn
    assert "\n  Risk: " in drawn


def test_what_it_expects_is_told_on_request() -> None:
    assert "syn-ack-repeats" not in one(BYPASS)
    told = " ".join(one(BYPASS, facts=True).split())
    assert "How often did the server repeat its SYN+ACK? usually several; may be none or one (syn-ack-repeats)" in told


def test_what_proves_it_is_told_in_words() -> None:
    told = " ".join(one(BYPASS).split())
    assert "which ways pass the stateful firewall? there only" in told.lower()


def test_without_colour_there_is_not_one_escape_sequence() -> None:
    assert "\x1b" not in one(BYPASS, facts=True)
    assert "\x1b" in one(BYPASS, colour=True)


def test_an_ascii_terminal_gets_ascii() -> None:
    drawn = draw_one(BYPASS, explanation(BYPASS), width=80, colour=False, strokes=ASCII, facts=True)
    assert drawn.isascii()


def test_all_facts_are_listed_with_their_answers() -> None:
    told = " ".join(draw_facts((kind for kind, _ in FACTS), width=80, colour=False).split())
    for kind, _ in FACTS:
        assert f"{kind.id}: {kind.asks}" in told
    assert "= none, one or several" in told
