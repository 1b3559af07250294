"""Two captures are the halves of a tap if each shows what the other lacks, with one clock."""

from collections.abc import Callable

import pytest

from bothways.connections.halves import Half, Match, half_of, match
from bothways.evidence.capture import Survey
from tests.helpers import evidence_files as made
from tests.helpers import packets as p
from tests.helpers.conversation import Script
from tests.helpers.readers import survey

FROM_CLIENT = bytes([10, 0, 0, 1])


def seen(script: Script, *, there: bool | None = None, later: float = 0) -> Survey:
    """What a tap of one way (or both) sees of *script*, with its clock *later* by so many milliseconds."""
    packets = [
        p.Packet(at=packet.at + round(later * 1_000_000), frame=packet.frame)
        for packet in script.packets
        if there is None or (packet.frame[26:30] == FROM_CLIENT) is there
    ]
    return survey([p.pcap_file(packets, nanoseconds=True)], file="x")


def half(script: Script, *, there: bool, later: float = 0) -> Half:
    found = half_of(seen(script, there=there, later=later))
    assert found is not None
    return found


def fit(script: Script, *, later: float = 0) -> Match:
    return match(half(script, there=True), half(script, there=False, later=later))


def beside_both() -> Script:
    """Each way as its own sender's neighbour sees it."""
    script = Script()
    script.there(0, flags="S", seq=1, ttl=64)
    script.back(9, flags="SA", seq=7, ack=2, ttl=64)
    return script


@pytest.mark.parametrize("script", [made.timing_out, made.working, made.cut_off])
def test_the_two_ways_of_a_tap_fit(script: Callable[[], Script]) -> None:
    assert fit(script()) is Match.FITS
    assert match(half(script(), there=False), half(script(), there=True)) is Match.FITS


def test_a_capture_of_both_ways_is_no_half() -> None:
    assert half_of(seen(made.working())) is None
    assert half_of(survey([p.pcap_file([])], file="x")) is None


def test_two_captures_of_one_way_do_not_fit() -> None:
    assert match(half(made.working(), there=True), half(made.working(), there=True)) is Match.NONE


def test_captures_of_other_times_do_not_fit() -> None:
    assert fit(made.working(), later=60_000) is Match.NONE


def test_answers_before_their_questions_show_two_clocks() -> None:
    assert fit(made.timing_out(), later=-500) is Match.CLOCKS


def test_untouched_ttls_both_ways_may_be_two_places() -> None:
    assert fit(beside_both()) is Match.BESIDE_BOTH


def test_captures_of_other_connections_do_not_fit() -> None:
    other = Script()
    for number in range(9):
        other.back(number, port=50_000 + number, flags="SA", seq=1, ack=2, ttl=55)
    assert match(half(made.working(), there=True), half(other, there=False)) is Match.NONE


def test_what_fails_may_have_one_way_only() -> None:
    script = made.working()
    script.there(60, port=50_001, flags="S", seq=1, ttl=64)
    assert fit(script) is Match.FITS


def test_a_half_without_tcp_can_be_joined_by_names_only() -> None:
    errors = p.icmp_error("10.0.9.9", "10.0.0.1", p.ipv4("10.0.0.1", "192.0.2.2", bytes(20)), kind=3, code=13, ttl=62)
    script = made.timing_out()
    packets = [p.Packet(at=packet.at, frame=p.ethernet(errors)) for packet in script.packets]
    other = half_of(survey([p.pcap_file(packets, nanoseconds=True)], file="y"))
    assert other is not None
    assert match(half(script, there=True), other) is Match.ERRORS
    assert match(other, half(script, there=True)) is Match.ERRORS
    assert match(other, other) is Match.NONE
