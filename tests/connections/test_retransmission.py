import pytest
from msgspec.structs import replace

from bothways.connections.retransmission import is_content, repeats_on
from bothways.evidence.capture import WayCounters
from bothways.units import SECOND, Instant

SENT = WayCounters(isn=2**32 - 50, end=51, payload=100, repeated=0, advanced=Instant(0), last=Instant(9 * SECOND))
"""100 bytes, sent once, their numbers past the end of the number space."""

AGAIN = replace(SENT, repeated=2, stuck=2, stuck_until=Instant(9 * SECOND))


def test_who_sent_all_once_and_nothing_again_is_content() -> None:
    assert is_content(SENT)
    assert is_content(replace(SENT, fins=1, end=52))


def test_who_was_heard_before_the_capture_began_and_repeats_nothing_since_is_content() -> None:
    assert is_content(replace(SENT, isn=None))


@pytest.mark.parametrize(
    "sender",
    [
        replace(SENT, repeated=1),
        replace(SENT, end=151),
        replace(SENT, fins=1),
        replace(SENT, isn=None, missed=1),
        replace(SENT, end=None),
    ],
)
def test_repeats_or_bytes_out_of_view_leave_open_whether_a_sender_is_content(sender: WayCounters) -> None:
    assert not is_content(sender)


def test_repeats_that_go_on_after_the_last_new_byte_show_that_nothing_was_heard() -> None:
    assert repeats_on(AGAIN)
    assert repeats_on(replace(AGAIN, stuck_until=Instant(SECOND)))


@pytest.mark.parametrize(
    "sender",
    [
        replace(AGAIN, stuck=1),
        replace(AGAIN, stuck_until=Instant(SECOND - 1)),
        replace(AGAIN, stuck=0, stuck_until=None),
        replace(AGAIN, advanced=None, first=None),
    ],
)
def test_few_repeats_and_those_before_the_last_new_byte_are_repairs(sender: WayCounters) -> None:
    assert not repeats_on(sender)
