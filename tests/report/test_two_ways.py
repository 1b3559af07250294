"""The picture of two ways side by side."""

import re

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from bothways.paths.alignment import Kinship
from bothways.report.sheet import Sheet
from bothways.report.symbols import ASCII, UNICODE, Symbols
from bothways.report.two_ways import draw_ways
from bothways.report.ways import WaysPart
from bothways.report.ways_rows import Cell
from tests.helpers.two_ways import part, row

BYPASS = part(
    row("1:gw.example = 4:gw.example"),
    row("2:*fw.example > -", opens="the ways part"),
    row("3: ? -"),
    row("- < 3:other.example"),
    row("4:border.example = 2:border.example", closes="they meet again", unsure="83 %"),
    row("- ? 1:far.example"),
)


def drawn(
    made: WaysPart, *, width: int = 80, colour: bool = False, symbols: Symbols = UNICODE, detail: bool = False
) -> str:
    sheet = Sheet(width=width, colour=colour)
    draw_ways(sheet, made, symbols.ways, detail=detail)
    return sheet.text()


def test_pairs_are_joined_and_the_ways_part_and_meet() -> None:
    assert (
        drawn(BYPASS)
        == """\
     there, downward             back, upward
 client 10.0.0.2
 1   gw.example      ═══════ 4   gw.example
              ─── the ways part ───
 2 ◆ fw.example      ▼     │
 3   silent          ·     │
                     │     ▲ 3   other.example
             ─── they meet again ───
 4   border.example  ═ 83% ═ 2   border.example
                     │     ? 1   far.example
 server a.example
 ═══ one router   ═ 80% ═ probably one   ▼ only there   ▲ only back   ? cannot
 tell   ◆ taken for a stateful device
"""
    )


def test_an_old_terminal_gets_the_same_picture_in_plain_signs() -> None:
    assert drawn(BYPASS, symbols=ASCII) == drawn(BYPASS).translate(str.maketrans("═─│▼▲·◆…", "=-|VA.#~"))


def test_what_cannot_be_told_is_marked_otherwise_than_what_stands_on_one_way() -> None:
    known, untold = drawn(part(row("1:a > -"))), drawn(part(row("1:a ? -")))
    assert "▼ only there" in known
    assert "?" not in known
    assert "? cannot tell" in untold
    assert "▼" not in untold


def test_what_is_only_likely_has_signs_of_its_own() -> None:
    page = drawn(part(row("1:a ? -", likeliest=Kinship.ONLY_THERE), row("2:b ? 1:c", unsure="60 %")))
    assert " 1   a               ▽     │\n" in page
    assert " 2   b               ╌ 60% ╌ 1   c\n" in page
    assert "▽ probably only there" in page
    assert "╌ 60% ╌ perhaps one" in page


def test_one_way_alone_is_a_list() -> None:
    page = drawn(part(row("1:gw > -"), row("2:*fw > -"), back=False))
    assert "back, upward" not in page
    assert " 2 ◆ fw\n" in page
    assert "│" not in page


@pytest.mark.parametrize("width", [20, 39, 40, 60, 80, 120])
@pytest.mark.parametrize(
    "name", ["a", "core-router-with-a-long-name.pop.network.example", "路由器" * 12, "e\u0301" * 40]
)
def test_nothing_is_wider_than_the_terminal(width: int, name: str) -> None:
    rows = [row(f"{index}:{name} = {31 - index}:{name}", unsure="83 %") for index in range(1, 31)]
    made = part(*rows, row(f"31:*{name} > -", opens="the ways part"), client=f"client {name}", server=f"server {name}")
    assert all(cell_len(line) <= width for line in drawn(made, width=width, detail=True).splitlines())


def test_wide_letters_do_not_move_the_other_way() -> None:
    made = part(row("1:路由器.example = 2:gw"), row("2:plain.example = 1:fw"))
    first, second = (line for line in drawn(made).splitlines() if "═══════" in line)
    assert cell_len(first.partition("═")[0]) == cell_len(second.partition("═")[0])


def test_a_name_that_is_too_long_is_cut_and_says_so() -> None:
    page = drawn(part(row(f"1:{'a' * 90} = 1:b")), width=60)
    assert "a…" in page
    assert "a" * 30 not in page


def test_round_trips_stand_beside_names_only_where_there_is_room() -> None:
    made = row("1:core-router.pop.example = 2:core-router.pop.example")
    assert isinstance(made.there, Cell)
    timed = part(replace(made, there=replace(made.there, trip="15.6 ms")))
    assert "15.6 ms" in drawn(timed, width=120)
    assert "15.6 ms" not in drawn(timed, width=60)


def test_several_routers_at_one_distance_are_counted() -> None:
    made = row("1:a = 2:b")
    assert isinstance(made.there, Cell)
    assert " 1   a +2 " in drawn(part(replace(made, there=replace(made.there, more=2))))


def test_colour_changes_no_letter() -> None:
    coloured = drawn(BYPASS, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(BYPASS)


def test_long_stretches_on_both_ways_are_folded_unless_details_are_asked_for() -> None:
    rows = [row(f"{index}:r{index} = {31 - index}:r{index}") for index in range(1, 31)]
    page = drawn(part(*rows))
    assert "26 routers on both ways (hops 3 to 28 there, hops 28 to 3 back)" in page
    assert "r2 " in page
    assert "r15" not in page
    assert "r15" in drawn(part(*rows), detail=True)


def test_what_matters_is_never_folded() -> None:
    rows = [row(f"{index}:r{index} = {31 - index}:r{index}") for index in range(1, 31)]
    rows[14] = row("15:*fw = 16:*fw")
    rows[15] = row("16:odd = 15:odd", unsure="70 %")
    page = drawn(part(*rows))
    assert "fw" in page
    assert "odd" in page


def test_no_hop_gives_no_picture() -> None:
    assert drawn(part()) == ""
