"""Lines of strangers' reports arrive clean, counted as editors count them, and bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.report_lines import (
    HEAD_LINES,
    LONGEST_LINE,
    MOST_PROBLEMS,
    ProblemList,
    address_in,
    escaped,
    head,
    lines,
    prompted,
    surroundings,
)


def texts(text: str) -> list[str]:
    return [line.text for line in lines(text)]


def test_marks_line_ends_and_colours_are_taken_off() -> None:
    assert texts("\ufeffone\r\n\x1b[1;31mtwo\x1b[0m\n\nfour") == ["one", "two", "", "four"]


def test_lines_are_counted_by_line_feeds_alone() -> None:
    assert [(line.number, line.text) for line in lines("a\x0bb\u2028c\nd\n")] == [(1, "a\x0bb\u2028c"), (2, "d")]


def test_what_a_progress_meter_wrote_over_is_gone() -> None:
    assert texts("  0     0\r100  20000\r* Trying\n") == ["* Trying"]


def test_lines_that_end_in_a_carriage_return_alone_are_lines() -> None:
    assert [(line.number, line.text) for line in lines("one\rtwo\r\rfour\r")] == [
        (1, "one"),
        (2, "two"),
        (3, ""),
        (4, "four"),
    ]


def test_spaces_of_web_pages_are_spaces_and_what_nobody_sees_is_gone() -> None:
    assert texts("a\u00a0b\u202fc\u200bd\ufeff\n") == ["a b cd"]


def test_what_a_terminal_obeys_is_gone() -> None:
    assert texts("\x1b]0;me@here: ~\x07\x1b[?2004h\x1b[01;32mme\x1b[00m\x1b(B\x1b[1;5Hx\x1b=\n") == ["mex"]


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\n\x1b"), max_size=40))
def test_plain_text_stays_as_it_is_but_for_blanks_at_the_end(text: str) -> None:
    assert texts(f"{text}\n") == [text.rstrip()]


def test_a_long_line_is_cut_and_says_so() -> None:
    first, second = lines("x" * (LONGEST_LINE + 1) + "\nnext")
    assert first.cut
    assert len(first.text) == LONGEST_LINE
    assert (second.number, second.text, second.cut) == (2, "next", False)


def test_the_head_skips_blank_lines_and_is_short() -> None:
    assert head("\n\n a\n\nb") == [" a", "b"]
    assert len(head("x\n" * 10_000)) == HEAD_LINES


@pytest.mark.parametrize(
    "line",
    [
        "$ mtr -n host",
        "# mtr -n host",
        "me@here:~$ sudo mtr -n host",
        "[me@here ~]$ mtr -n host",
        "root@here:/etc# /usr/sbin/mtr -n host",
        "C:\\> mtr -n 'host'",
        "C:\\Users\\me>mtr -n host",
        "PS C:\\Users\\me> mtr -n host",
        "router#mtr -n host",
        "<router>mtr -n host",
        "me@router> run mtr -n host",
        "C:\\>C:\\Windows\\System32\\mtr -n host",
    ],
)
def test_a_prompt_is_recognised(line: str) -> None:
    words = prompted(line, "mtr")
    assert words is not None
    assert words[-2:] == ["-n", "host"]


def test_the_head_of_a_quoted_report_is_no_call() -> None:
    assert prompted("> traceroute to a.example (192.0.2.1), 30 hops max", "traceroute") is None
    assert prompted("> traceroute a.example", "traceroute") == ["traceroute", "a.example"]


@pytest.mark.parametrize(
    "line",
    [
        "$",
        "me@here:~$ ",
        "[root@here ~]#",
        "R14#",
        "C:\\Users\\me>",
        "PS C:\\>",
        'Script started on 2026-11-22 18:00:45+00:00 [TERM="xterm"]',
        "Script done on Sun Nov 22 18:01:02 2026",
        "exit",
    ],
)
def test_what_a_session_has_around_a_report_is_known(line: str) -> None:
    assert surroundings(line)


@pytest.mark.parametrize("line", ["</HUB>", "1 192.0.2.1", "$ ping host", "100%", "what is this", "", " 3 a>"])
def test_what_a_report_or_another_program_says_is_no_surrounding(line: str) -> None:
    assert not surroundings(line)


@pytest.mark.parametrize("line", ["mtr -n host", "$ ping host", "", "$", "* Trying 192.0.2.1:443..."])
def test_what_is_no_prompt_of_the_program_is_none(line: str) -> None:
    assert prompted(line, "mtr") is None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain.example", "plain.example"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\\b", r"a\x5cb"),
        ("\u202eevil", r"\u202eevil"),
        ("\udcff", r"\xff"),
        ("\U000e0001", r"\U000e0001"),
        ("münchen", "münchen"),
    ],
)
def test_what_cannot_be_printed_is_escaped(raw: str, shown: str) -> None:
    assert escaped(raw) == shown


@given(st.text(), st.integers(0, 40))
def test_escaped_text_is_printable_and_short(text: str, longest: int) -> None:
    shown = escaped(text, longest)
    assert shown.isprintable()
    assert len(shown) <= longest


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0.5", "fe80::1%eth0.5"),
        ("fe80::1%;reboot", None),
        ("fe80::1%$(reboot)", None),
        ("fe80::1%'a'", None),
        ("fe80::1%\x1b[2J", None),
        ("fe80::1%", None),
        ("host", None),
        ("", None),
        ("1" * 300, None),
    ],
)
def test_addresses_are_canonical(text: str, address: str | None) -> None:
    assert address_in(text) == address


def test_problems_beyond_twenty_are_counted() -> None:
    problems = ProblemList()
    (line,) = lines("strange")
    for _ in range(MOST_PROBLEMS + 5):
        problems.not_understood(line)
    problems.too_long(line)
    told = problems.all()
    assert len(told) == MOST_PROBLEMS
    assert str(told[0]) == "line 1: not understood and left out: strange"
    assert told[-1].says == "and 7 more lines that were not understood"


def test_few_problems_are_all_told() -> None:
    problems = ProblemList()
    problems.add("no report was found", None)
    assert [str(problem) for problem in problems.all()] == ["no report was found"]
