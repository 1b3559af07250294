"""Losses that a file tells of twice are counted once."""

from bothways.captures.losses import Losses


def test_a_later_report_takes_an_earlier_ones_place() -> None:
    losses = Losses()
    losses.report(0, 3)
    losses.report(0, 5)
    losses.report(1, 1)
    assert losses.total == 6


def test_what_packets_and_reports_tell_is_one_loss() -> None:
    losses = Losses()
    losses.before_packet(0, 2)
    losses.before_packet(0, 2)
    assert losses.total == 4
    losses.report(0, 5)
    assert losses.total == 5
    losses.before_packet(0, 9)
    assert losses.total == 13


def test_another_sections_interfaces_are_others() -> None:
    losses = Losses()
    losses.report(0, 3)
    losses.new_section()
    losses.report(0, 4)
    assert losses.total == 7
