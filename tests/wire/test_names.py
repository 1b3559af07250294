from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.names import LONGEST_NAME, escaped


def test_a_plain_name_stays_as_it_is() -> None:
    assert escaped(b"www.example.org") == "www.example.org"


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert escaped(b"a\x1b[31m\n\xe9\\") == r"a\x1b[31m\x0a\xe9\x5c"


@given(st.binary(max_size=600))
def test_every_name_is_printable_and_short(raw: bytes) -> None:
    name = escaped(raw)
    assert name.isascii()
    assert name.isprintable()
    assert len(name) <= LONGEST_NAME


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_different_names_stay_different(first: bytes, second: bytes) -> None:
    assert (escaped(first) == escaped(second)) == (first == second)


def test_an_escape_is_never_cut_in_half() -> None:
    assert escaped(b"\xff" * 100) == r"\xff" * 63
