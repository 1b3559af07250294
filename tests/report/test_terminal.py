"""The page as drawn on a terminal."""

import re

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.problem import Problem
from bothways.report.page import page_of
from bothways.report.symbols import ASCII, UNICODE, Symbols, symbols_for
from bothways.report.terminal import MOST_FILES, MOST_LINES, MOST_PROBLEMS, MOST_SECTIONS, draw
from tests.helpers.diagnoses import BYPASSED, CAPTURE_FILE, diagnosis, observer, target

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def drawn(
    made: Diagnosis, *, width: int = 100, colour: bool = False, symbols: Symbols = UNICODE, detail: bool = False
) -> str:
    return draw(page_of(made), width=width, colour=colour, symbols=symbols, detail=detail)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("ruling", list(Ruling))
@pytest.mark.parametrize("detail", [False, True])
def test_nothing_is_wider_than_the_terminal(width: int, ruling: Ruling, *, detail: bool) -> None:
    """Commands are the exception: one that is broken up can no longer be copied."""
    lines = drawn(diagnosis(target(ruling), target(ruling)), width=width, detail=detail).splitlines()
    assert all(cell_len(line) <= width for line in lines if not line.lstrip().startswith("$ "))


def test_a_command_stays_in_one_piece() -> None:
    assert (
        "    $ conntrack -L -p tcp --orig-src 10.65.238.2 --orig-dst 203.0.113.2 --dport 443 --and-a-long-tail\n"
        in (drawn(diagnosis(target(Ruling.OPEN)), width=40))
    )


def test_long_words_are_folded_not_cut() -> None:
    name = "a" * 100 + ".example"
    page = drawn(diagnosis(target(Ruling.HEALTHY, name=name)), width=40)
    assert name in page.replace("\n", "").replace(" ", "")


def test_the_verdict_is_the_first_thing_said() -> None:
    assert drawn(diagnosis(target(Ruling.CONFIRMED))).startswith("Confirmed: fonts.example.net")


def test_the_order_is_that_of_a_reader_in_a_hurry() -> None:
    page = drawn(diagnosis(target(Ruling.OPEN)))
    headings = ["seen by ", "where ", "Theories", "What to find out next", "Also measured", "Evidence"]
    places = [page.index(f"\n{heading}") for heading in headings]
    assert places == sorted(places)


def test_without_colour_there_is_not_one_escape_sequence() -> None:
    assert "\x1b" not in drawn(diagnosis(target(Ruling.CONFIRMED)))


def test_colour_changes_no_word() -> None:
    made = diagnosis(target(Ruling.OPEN), target(Ruling.HEALTHY))
    assert "\x1b[" in drawn(made, colour=True)
    assert ESCAPE.sub("", drawn(made, colour=True)) == drawn(made)


def test_an_old_terminal_gets_plain_signs() -> None:
    assert symbols_for("ascii") is ASCII
    assert symbols_for("latin-1") is ASCII
    assert symbols_for(None) is ASCII
    assert symbols_for("no-such-encoding") is ASCII
    assert symbols_for("utf-8") is UNICODE
    assert drawn(diagnosis(target(Ruling.CONFIRMED)), symbols=ASCII).isascii()


def test_standing_is_told_in_words_beside_the_signs() -> None:
    page = drawn(diagnosis(target(Ruling.CONFIRMED)))
    assert "✔ the way back skips the stateful firewall (asymmetric-bypass): confirmed, 99.8 %" in page
    assert "(mtu-black-hole): eliminated" in page


def test_unknown_facts_are_counted_and_in_detail_explained() -> None:
    made = diagnosis(target(Ruling.OPEN))
    assert "not known: 1 more fact; --verbose says which, and why" in drawn(made)
    assert "not known: Did the server send the RST? Because no capture at the server" in drawn(made, detail=True)


def test_files_with_problems_are_always_named() -> None:
    page = drawn(diagnosis(target(Ruling.CONFIRMED)))
    assert "notes.bin: not understood\n   ! it is no text" in page
    assert "client.pcap: capture, 54 packets" not in page
    assert "client.pcap: capture, 54 packets" in drawn(diagnosis(target(Ruling.CONFIRMED)), detail=True)


def test_a_folder_full_of_trouble_is_not_listed_to_the_end() -> None:
    damaged = replace(CAPTURE_FILE, problems=tuple(Problem(says="cut", offset=n) for n in range(9)))
    made = diagnosis(target(Ruling.CONFIRMED), files=(damaged,) * 400)
    assert drawn(made).count("at byte") == MOST_FILES * MOST_PROBLEMS
    assert "and 6 more problems; --verbose has them" in drawn(made)
    assert f"and {400 - MOST_FILES} more (--json has all of them)" in drawn(made)


def test_further_targets_get_a_line_and_a_section() -> None:
    other = target(Ruling.OPEN, server=Endpoint("203.0.113.9", 80), name=None)
    page = drawn(diagnosis(target(Ruling.CONFIRMED), other, target(Ruling.HEALTHY)))
    assert " - open: 203.0.113.9:80\n" in page
    assert " - healthy: fonts.example.net" in page
    assert "\nOpen: 203.0.113.9:80 times out" in page


def test_a_further_target_with_the_same_fate_is_short() -> None:
    page = drawn(diagnosis(target(Ruling.CONFIRMED), target(Ruling.CONFIRMED)))
    assert page.count("(mtu-black-hole)") == 1
    assert "The theories stand as above" in page


def test_hundreds_of_targets_stay_readable() -> None:
    page = drawn(diagnosis(*[target(Ruling.CONFIRMED)] * 300))
    assert f"and {299 - MOST_LINES} more (--json has all of them)" in page
    assert page.count("The theories stand as above") == MOST_SECTIONS


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J\x1b]0;owned\x07", "<script>alert(1)</script>", "[red]x[/red]", ":smile:", "\u202eevil", "a\rb"]
)
def test_text_of_strangers_is_inert(hostile: str) -> None:
    fact = replace(BYPASSED, says=f"the rule {hostile} dropped it")
    file = replace(CAPTURE_FILE, path=hostile)
    made = diagnosis(
        target(Ruling.CONFIRMED, name=hostile, facts=(fact,)),
        files=(file,),
        observers=(observer(vantage=hostile),),
        notes=(hostile,),
    )
    page = drawn(made, detail=True)
    assert all(line.isprintable() for line in page.split("\n"))
    if hostile.isprintable():
        assert page.count(hostile) >= 4  # neither markup nor emoji was read into it
    coloured = drawn(made, detail=True, colour=True)
    assert all(line.isprintable() for line in ESCAPE.sub("", coloured).split("\n"))


def test_drawing_twice_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = diagnosis(target(Ruling.OPEN))
    before = drawn(made)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert drawn(made) == before
