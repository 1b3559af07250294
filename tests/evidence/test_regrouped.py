from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.regrouped import Regrouped
from bothways.evidence.segment import Flags, Options, Segment
from bothways.units import Instant

TUNNEL = ("vxlan 42 198.51.100.1 > 203.0.113.9",)
MS = 10**6


def data(
    seq: int, size: int, *, layers: tuple[str, ...] = (), at: int = 0, ack: int = 9, ts_value: int | None = 5
) -> Segment:
    return Segment(
        frame=1,
        number=1,
        at=Instant(at),
        source=Endpoint("10.0.0.1", 1),
        destination=Endpoint("10.0.0.2", 2),
        seq=seq % 2**32,
        ack=ack,
        flags=Flags.ACK,
        window=500,
        payload=size,
        ttl=64,
        ip_id=1,
        options=Options(ts_value=ts_value),
        layers=layers,
    )


def seen(*segments: Segment) -> list[bool]:
    regrouped = Regrouped()
    regrouped.saw(data(0, 0))
    regrouped.saw(data(0, 0, layers=TUNNEL))
    return [regrouped.saw(segment) for segment in segments]


@given(st.integers(0, 2**32 - 1))
def test_pieces_of_a_large_packet_in_a_tunnel_are_no_second_sending(seq: int) -> None:
    pieces = [data(seq + at, 100, layers=TUNNEL) for at in (0, 100, 200)]
    assert seen(data(seq, 300), *pieces) == [False, True, True, True]


@given(st.integers(0, 2**32 - 1))
def test_a_packet_joined_from_pieces_of_a_tunnel_is_no_second_sending(seq: int) -> None:
    pieces = [data(seq + at, 100, layers=TUNNEL) for at in (0, 100, 200)]
    assert seen(*pieces, data(seq, 300)) == [False, False, False, True]


def test_what_is_carried_alike_is_a_second_sending() -> None:
    assert seen(data(0, 300), data(0, 100), data(100, 100)) == [False] * 3
    assert seen(data(0, 300, layers=TUNNEL), data(0, 100, layers=TUNNEL)) == [False] * 2


def test_what_comes_later_or_answers_other_data_is_a_second_sending() -> None:
    assert seen(data(0, 300), data(0, 100, layers=TUNNEL, at=2 * MS)) == [False] * 2
    assert seen(data(0, 300), data(0, 100, layers=TUNNEL, ack=10)) == [False] * 2
    assert seen(data(0, 300), data(0, 100, layers=TUNNEL, ts_value=6)) == [False] * 2


def test_more_than_was_seen_is_new() -> None:
    assert seen(data(0, 300), data(200, 200, layers=TUNNEL)) == [False] * 2
    assert seen(data(0, 100, layers=TUNNEL), data(100, 100, layers=TUNNEL), data(0, 300)) == [False] * 3


@given(first=st.sampled_from([(), TUNNEL]))
def test_before_a_second_carrier_nothing_is_remembered(first: tuple[str, ...]) -> None:
    (second,) = {(), TUNNEL} - {first}
    regrouped = Regrouped()
    assert not regrouped.saw(data(0, 300, layers=first))
    assert not regrouped.saw(data(0, 100, layers=second))
    assert not regrouped.saw(data(100, 100, layers=second))
    assert regrouped.saw(data(0, 100, layers=first))
