"""Small wordings, and disarmed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.citation import Citation
from bothways.report.text import clean, counted, listed, places, share


@given(st.text())
def test_what_is_clean_can_be_printed(text: str) -> None:
    assert clean(text).isprintable()


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\r\nb", "a\\x0d\\x0ab"),
        ("gnp.exe\u202e", "gnp.exe\\u202e"),
        ("\x9b2J", "\\x9b2J"),
        ("\U000e0041", "\\U000e0041"),
        ("naïve ✔", "naïve ✔"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_citations_are_gathered_by_file() -> None:
    cites = [Citation(file="b.pcap", frame=9), Citation(file="a.log", line=2), Citation(file="b.pcap", frame=3)]
    assert places([*cites, Citation(file="c.json"), cites[0]]) == ("b.pcap frames 3, 9", "a.log line 2", "c.json")


def test_many_frames_are_not_all_listed() -> None:
    assert places(Citation(file="a.pcap", frame=n) for n in range(1, 20)) == ("a.pcap frames 1, 2, 3, 4, 5, 6, ...",)


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1.0, "> 99.9 %"), (0.0, "< 0.1 %"), (0.5, "50 %"), (0.994, "99.4 %"), (0.005, "0.5 %")],
)
def test_no_probability_is_shown_as_certain(probability: float, shown: str) -> None:
    assert share(probability) == shown


def test_lists_and_counts_read_like_english() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], last="or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]
    assert [counted(1, "hop"), counted(0, "hop")] == ["1 hop", "0 hops"]
