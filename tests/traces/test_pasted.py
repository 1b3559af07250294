"""Quote marks after RFC 3676 section 4.5, and common margins."""

from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.report_lines import lines
from bothways.traces.pasted import pasted, top, unquoted


def shown(text: str, *programs: str) -> list[str]:
    return [line.text for line in pasted(text, *programs)]


def test_quote_marks_and_a_common_margin_are_taken_off() -> None:
    assert shown("> >  one\n> >    two\n\n\tthree\n") == ["one", "  two", "", "three"]
    assert top("\n> a\n\n>  b\n") == ["a", "b"]


def test_a_margin_is_that_of_a_block_not_of_the_file() -> None:
    assert shown("text\n\n    one\n      two\n") == ["text", "", "one", "  two"]


def test_a_prompt_is_no_quote_mark() -> None:
    assert shown("> mtr host\n", "mtr") == ["> mtr host"]
    assert shown("> > mtr host\n") == ["mtr host"]


def test_what_is_not_quoted_stays() -> None:
    assert unquoted("a > b") == "a > b"
    assert unquoted("<a> b") == "<a> b"


@given(st.text(alphabet="> ab\n\t", max_size=60))
def test_lines_keep_their_numbers(text: str) -> None:
    assert [line.number for line in pasted(text)] == [line.number for line in lines(text)]
