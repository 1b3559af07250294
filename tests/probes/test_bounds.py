"""Whatever a plan hears, it ends within its bounds, keeps its rate and speaks to nobody but its destination."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.evidence.endpoint import Endpoint
from bothways.probes.arrival import read_answer, read_error
from bothways.probes.kinds import inside_ack, inside_large, inside_syn, stray_ack, udp
from bothways.probes.pace import Pace
from bothways.probes.plan import Heard
from bothways.probes.quote import read_quote
from bothways.probes.tracing import Tracing
from bothways.units import SECOND, Duration, Instant
from bothways.wire.address import address
from bothways.wire.ip import parse_ip
from tests.helpers.paper_network import CLIENT, SERVER, START, segment, time_exceeded
from tests.helpers.probing import HELD

STRAY = Endpoint(CLIENT.address, 50_000)
PACE = Pace(rate=100, most=120, longest=Duration(5 * SECOND))


def plan() -> Tracing:
    return Tracing(
        [
            inside_syn(HELD),
            inside_ack(HELD),
            inside_large(HELD, last=9),
            stray_ack(STRAY, SERVER, 3),
            udp(STRAY, SERVER),
        ],
        PACE,
        number=65_500,
    )


def mangled(packet: bytes, at: int, bits: int) -> bytes:
    place = at % len(packet)
    return packet[:place] + bytes([packet[place] ^ bits]) + packet[place + 1 :]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_plan_ends_within_its_bounds_whatever_it_hears(data: st.DataObject) -> None:
    tested, now, sent = plan(), START, list[tuple[int, bytes]]()
    script = data.draw(
        st.lists(st.tuples(st.sampled_from("rrrsmg"), st.integers(0, 10**9), st.integers(0, 255)), max_size=80)
    )
    steps = 0
    while (due := tested.due(now)) is not None:
        steps += 1
        assert steps < 3000
        assert due >= now
        sent += [(now, packet) for packet in tested.packets(now)]
        if script and sent:
            kind, number, bits = script.pop()
            _, last = sent[number % len(sent)]
            quote = time_exceeded(f"10.0.0.{bits}", CLIENT.address, last, 60)
            heard = {
                "r": quote,
                "s": segment("SA" if bits & 1 else "AR" if bits & 2 else "A", 5_000_001, 1_000_001),
                "m": mangled(quote, number, bits),
                "g": bytes([bits, *number.to_bytes(4)]) * (number % 30),
            }[kind]
            tested.hear(Heard(at=Instant(now + number % 10**7), packet=heard))
            now = Instant(min(due, now + number % 10**8))
        else:
            now = due
    assert len(sent) <= PACE.most
    assert now <= START + PACE.longest + 10**8
    assert all(after - before >= PACE.interval for (before, _), (after, _) in pairwise(sent))
    assert not tested.packets(now)
    for _, packet in sent:
        header = parse_ip(packet, 0, len(packet))
        assert header is not None
        assert address(header.destination) == SERVER.address


@given(st.binary(max_size=120))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    for start in (b"", b"\x45\0\0\x40\0\0\0\0\x40\x01", b"\x60\0\0\0\0\x40\x3a\x40", b"\x45\0\0\x40\0\0\0\0\x40\x06"):
        read_quote(start + data)
        read_error(start + data)
        read_answer(start + data)


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    tested = Tracing([inside_syn(HELD)], PACE)
    assert tested.packets(START)
    assert not tested.packets(Instant(START - 10**12))
    due = tested.due(Instant(START - 10**12))
    assert due == START + PACE.interval
    assert tested.packets(due)


def test_the_errors_of_another_ones_packets_are_passed_over() -> None:
    tested = Tracing([inside_syn(HELD)], PACE)
    (packet,) = tested.packets(START)
    foreign = packet[:12] + bytes([198, 51, 100, 9]) + packet[16:20] + bytes(4) + b"\1\2\3\4" + packet[28:]
    tested.hear(Heard(at=Instant(START + 1), packet=time_exceeded("10.0.0.1", CLIENT.address, foreign, 60)))
    tested.hear(Heard(at=Instant(START + 1), packet=time_exceeded("10.0.0.1", "198.51.100.9", packet, 60)))
    tested.hear(Heard(at=Instant(START - 1), packet=time_exceeded("10.0.0.1", CLIENT.address, packet, 60)))
    assert not any(shot.replies for trace in tested.traces() for shot in trace.shots)
    tested.hear(Heard(at=Instant(START + 1), packet=time_exceeded("10.0.0.1", CLIENT.address, packet, 60)))
    assert [len(shot.replies) for trace in tested.traces() for shot in trace.shots] == [1]
