"""IPv6 has no identification: what tells one probe from the next there."""

from msgspec.structs import replace

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came
from bothways.probes.kinds import inside_ack, inside_syn, udp
from bothways.probes.plan import Heard
from bothways.probes.tracing import Tracing
from bothways.units import Instant
from tests.helpers import packets as p
from tests.helpers.paper_network import START
from tests.helpers.probing import HELD

CLIENT, SERVER = Endpoint("2001:db8::10", 40_000), Endpoint("2001:db8:1::80", 443)
OPENED = replace(HELD, client=CLIENT, server=SERVER, flow_label=0x12345)
STEP = 20_000_000


def error(router: str, kind: int, code: int, packet: bytes, *, number: int = 0) -> bytes:
    body = bytes([kind, code, 0, 0]) + number.to_bytes(4) + packet[:1232]
    return p.ipv6(router, CLIENT.address, body, protocol=58, ttl=61)


def sent(plan: Tracing, count: int) -> list[bytes]:
    return [packet for n in range(count) for packet in plan.packets(Instant(START + n * STEP))]


def test_each_error_goes_to_its_own_probe_in_whatever_order_they_come() -> None:
    plan = Tracing([inside_syn(OPENED), inside_ack(OPENED), udp(CLIENT, SERVER)], number=250)
    packets = sent(plan, 9)
    for packet in reversed(packets):
        router = f"2001:db8:f::{packet[7]}"
        plan.hear(Heard(at=Instant(START + 10 * STEP), packet=error(router, 3, 0, packet[:7] + b"\1" + packet[8:])))
    traces = plan.traces()
    assert [len(trace.shots) for trace in traces] == [3, 3, 3]
    for trace in traces:
        for shot in trace.shots:
            assert [reply.sender for reply in shot.replies] == [f"2001:db8:f::{shot.ttl}"]
            assert shot.replies[0].rewritten == ()


def test_what_is_too_big_says_what_fits() -> None:
    plan = Tracing([inside_ack(OPENED)])
    (packet,) = sent(plan, 1)
    plan.hear(Heard(at=Instant(START + 5), packet=error("2001:db8:f::1", 2, 0, packet, number=1280)))
    (reply,) = plan.traces()[0].shots[0].replies
    assert (reply.came, reply.mtu, reply.ttl) == (Came.TOO_BIG, 1280, 61)


def test_a_flow_keeps_its_label() -> None:
    labels = {int.from_bytes(packet[:4]) & 0xFFFFF for packet in sent(Tracing([inside_ack(OPENED)]), 4)}
    assert labels == {0x12345}


def test_a_traffic_class_that_a_router_changes_is_named() -> None:
    plan = Tracing([inside_ack(OPENED)])
    (packet,) = sent(plan, 1)
    marked = bytes([packet[0] | 0x2, packet[1] | 0x80]) + packet[2:]
    plan.hear(Heard(at=Instant(START + 5), packet=error("2001:db8:f::1", 3, 0, marked)))
    (reply,) = plan.traces()[0].shots[0].replies
    assert reply.rewritten == ("DSCP",)
    assert reply.quoted is not None
    assert reply.quoted.tos == 0x28
