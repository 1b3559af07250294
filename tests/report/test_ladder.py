"""A typical exchange, drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bothways.report.ladder import ASCII, UNICODE, Strokes, draw, strokes_for
from bothways.theories.catalogue import THEORIES
from bothways.theories.ladder import Ladder, Rung, Upright, back, there, to_middle
from bothways.theories.theory import Theory

BYPASS = Ladder(
    middle="firewall",
    rungs=(
        there("SYN"),
        back("SYN+ACK", around=True),
        there("ACK", dropped=Upright.MIDDLE, note="invalid"),
        back("RST", start=Upright.MIDDLE),
        to_middle("data"),
    ),
)


def drawn(ladder: Ladder, *, width: int = 80, strokes: Strokes = UNICODE) -> list[str]:
    return [line.text for line in draw(ladder, width=width, strokes=strokes)]


def test_every_kind_of_packet_has_its_look() -> None:
    assert drawn(BYPASS) == [
        "client          firewall          server",
        "   │                │                │",
        "   ├─ SYN ──────────┼───────────────►│",
        "   │◄╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌ SYN+ACK ╌┤",
        "   ├─ ACK ─────────►✘                │  invalid",
        "   │◄───────── RST ─●                │",
        "   ├─ data ────────►│                │",
        "   │                │                │",
        "✘ not taken: dropped there",
        "╌╌╌ around what stands in the middle",
        "● made by what stands in the middle",
    ]


def test_a_terminal_without_unicode_loses_nothing_but_beauty() -> None:
    lines = drawn(BYPASS, strokes=ASCII)
    assert all(line.isascii() for line in lines)
    assert lines[2:7] == [
        "   |- SYN ----------+--------------->|",
        "   |<...............|...... SYN+ACK .|",
        "   |- ACK --------->X                |  invalid",
        "   |<--------- RST -o                |",
        "   |- data -------->|                |",
    ]


def test_what_is_lost_at_an_end_dies_there() -> None:
    lines = drawn(
        Ladder(middle="x", rungs=(there("ACK", dropped=Upright.SERVER), back("SYN+ACK", dropped=Upright.CLIENT)))
    )
    assert lines[2].endswith("►✘")
    assert lines[3].startswith("   ✘◄")


def test_only_what_is_drawn_is_explained() -> None:
    assert drawn(Ladder(middle="x", rungs=(there("SYN"), back("SYN+ACK"))))[-1].strip("│ ") == ""


def test_a_long_note_goes_on_beside_the_uprights() -> None:
    lines = drawn(Ladder(middle="x", rungs=(there("SYN", note="word " * 20), back("SYN+ACK"))))
    assert lines[3].startswith("   │")
    assert lines[3].endswith("word")


def test_a_narrow_terminal_has_the_notes_below() -> None:
    lines = drawn(BYPASS, width=40)
    assert lines[5] == "     invalid"


@pytest.mark.parametrize(
    ("encoding", "strokes"),
    [("utf-8", UNICODE), ("ascii", ASCII), ("latin-1", ASCII), (None, ASCII), ("no-such", ASCII)],
)
def test_the_encoding_decides_the_strokes(encoding: str | None, strokes: Strokes) -> None:
    assert strokes_for(encoding) is strokes


WORDS = st.text("abc +()0", max_size=40).map(str.strip).filter(bool)


@st.composite
def rungs(draw_: st.DrawFn) -> Rung:
    make = draw_(st.sampled_from([there, back]))
    start, dropped = draw_(
        st.sampled_from([(Upright.MIDDLE, None)])
        | st.tuples(
            st.just(Upright.CLIENT if make is there else Upright.SERVER),
            st.sampled_from([None, Upright.MIDDLE, Upright.SERVER if make is there else Upright.CLIENT]),
        )
    )
    return make(
        draw_(WORDS),
        start=start,
        dropped=dropped,
        around=draw_(st.booleans()),
        note=draw_(WORDS | st.just("")),
    )


@given(
    st.builds(Ladder, middle=WORDS, rungs=st.lists(rungs(), min_size=1, max_size=6).map(tuple)), st.integers(26, 120)
)
def test_nothing_is_wider_than_the_terminal_and_every_packet_is_named(ladder: Ladder, width: int) -> None:
    lines = drawn(ladder, width=width)
    assert all(cell_len(line) <= max(width, 45) for line in lines)
    for rung in ladder.rungs:
        assert any(rung.packet in line for line in lines) or len(rung.packet) > width - 5


@pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.id)
@pytest.mark.parametrize("width", [40, 78])
def test_every_theory_fits_a_terminal(theory: Theory, width: int) -> None:
    assert theory.ladder is not None
    assert all(cell_len(line) <= width for line in drawn(theory.ladder, width=width))
