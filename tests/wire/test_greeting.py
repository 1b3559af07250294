import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.greeting import turns_away

BLOCKED = b"\xff\x69\x04Host is blocked"


@pytest.mark.parametrize(
    "words",
    [
        b"554 no service here\r\n",
        b"421-too many\r\n",
        b"* BYE overloaded\r\n",
        b"-ERR busy\r\n",
        b"Exceeded MaxStartups\r\n",
        len(BLOCKED).to_bytes(3, "little") + b"\0" + BLOCKED,
    ],
)
def test_a_greeting_that_refuses_turns_away(words: bytes) -> None:
    assert turns_away(words)


@pytest.mark.parametrize(
    "words", [b"220 ready\r\n", b"5540\r\n", b"* OK\r\n", b"+OK\r\n", b"SSH-2.0-x\r\n", b"", b"\xff"]
)
def test_a_welcome_does_not(words: bytes) -> None:
    assert not turns_away(words)


@given(st.binary(max_size=40))
def test_any_bytes_are_judged(words: bytes) -> None:
    assert turns_away(words) in {True, False}
