import pytest
from msgspec.structs import replace

from bothways.connections.sides import sides_of
from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant

LOW, HIGH, OTHER_HIGH = Endpoint("192.0.2.2", 443), Endpoint("10.0.0.1", 40_000), Endpoint("10.0.0.2", 50_000)


def row(opener: Endpoint, other: Endpoint, *, sent: WayCounters, received: WayCounters) -> ConnectionRow:
    return ConnectionRow(
        number=0,
        opener=opener,
        other=other,
        first_frame=1,
        first_number=1,
        last_number=2,
        history="Sh",
        sent=sent,
        received=received,
    )


@pytest.mark.parametrize(
    ("opener", "sent", "received", "client"),
    [
        (HIGH, WayCounters(syns=1), WayCounters(), HIGH),
        (LOW, WayCounters(syns=1), WayCounters(), LOW),
        (HIGH, WayCounters(), WayCounters(syn_acks=1), HIGH),
        (LOW, WayCounters(syn_acks=1), WayCounters(), HIGH),
        (LOW, WayCounters(packets=1), WayCounters(syns=1), HIGH),
        (LOW, WayCounters(packets=1), WayCounters(packets=1), HIGH),
        (HIGH, WayCounters(packets=1), WayCounters(packets=1), HIGH),
    ],
)
def test_a_syn_comes_from_the_client_and_failing_that_ports_decide(
    opener: Endpoint, sent: WayCounters, received: WayCounters, client: Endpoint
) -> None:
    other = LOW if opener == HIGH else HIGH
    sides = sides_of(row(opener, other, sent=sent, received=received))
    assert sides.client == client
    assert {sides.client, sides.server} == {opener, other}


def test_between_two_high_ports_whoever_spoke_first_is_the_client() -> None:
    sides = sides_of(row(OTHER_HIGH, HIGH, sent=WayCounters(), received=WayCounters()))
    assert sides.client == OTHER_HIGH


def test_the_history_has_capitals_for_the_client_whoever_was_seen_first() -> None:
    sides = sides_of(row(LOW, HIGH, sent=WayCounters(syn_acks=1), received=WayCounters()))
    assert sides.history == "sH"
    assert sides.there.syn_acks == 0
    assert sides.back.syn_acks == 1


def test_a_way_is_blind_if_only_its_acknowledgements_are_in_view() -> None:
    there = WayCounters(packets=2, syns=1, first_ack=5)
    assert sides_of(row(HIGH, LOW, sent=there, received=WayCounters())).blind_back
    assert not sides_of(row(HIGH, LOW, sent=there, received=WayCounters(packets=1))).blind_back
    back = WayCounters(packets=2, syn_acks=1, first_ack=5)
    assert sides_of(row(LOW, HIGH, sent=back, received=WayCounters())).blind_there


def test_a_syn_alone_makes_no_way_blind() -> None:
    sides = sides_of(row(HIGH, LOW, sent=WayCounters(packets=3, syns=3), received=WayCounters()))
    assert not sides.blind_back
    assert not sides.blind_there


def test_answers_before_the_syn_that_acknowledge_another_one_are_of_an_earlier_connection() -> None:
    later, sooner = Instant(2_000_000_000), Instant(1_000_000_000)
    there = WayCounters(packets=1, syns=1, isn=1000, first=later)
    others, own = WayCounters(packets=1, first=sooner, first_ack=501), WayCounters(first=sooner, first_ack=1001)
    assert sides_of(row(HIGH, LOW, sent=there, received=others)).mixed_up
    assert not sides_of(row(HIGH, LOW, sent=there, received=own)).mixed_up
    assert not sides_of(row(HIGH, LOW, sent=there, received=replace(others, first=later))).mixed_up
