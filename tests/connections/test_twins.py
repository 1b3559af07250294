from random import Random

from bothways.connections.twins import apart
from tests.connections.test_join_rewritten import joined, seen_in
from tests.helpers import packets as p
from tests.helpers.translator import MILLISECOND, Traffic, Translator, busy, moved_to, nat


def on_any(inside: list[p.Packet], device: Translator) -> list[p.Packet]:
    """What a capture on all interfaces of *device* shows."""
    return sorted([*inside, *device.rewritten(inside)], key=lambda packet: packet.at)


def test_a_capture_on_all_interfaces_of_a_translator_shows_each_connection_once() -> None:
    inside = busy(Random(1), Traffic())
    device = Translator(client=nat(Random(2)), later=MILLISECOND)
    once, again = apart(seen_in(on_any(inside, device), [])[0])
    assert len(once) == len(again) == Traffic().connections
    assert {seen.sides.client.address for seen in once} <= set(Traffic().clients)
    assert {seen.sides.client.address for twins in again.values() for seen in twins} == {"203.0.113.7"}


def test_the_translators_own_capture_joins_those_of_both_ends() -> None:
    inside = busy(Random(1), Traffic())
    device = Translator(client=nat(Random(2)), server=moved_to("10.9.0.1", 943), later=MILLISECOND)
    exchanges = joined(inside, device.rewritten(inside), ("firewall-inside", on_any(inside, device)))
    answered = [one for one in exchanges if one.seen[0].sides.back.packets]
    assert {len(one.seen) for one in answered} == {3}
    assert {len(one.again) for one in answered} == {1}


def test_connections_of_one_number_are_two_where_nothing_else_is_alike() -> None:
    packets = [
        p.Packet(at=n, frame=p.tcp_frame(f"10.0.0.{n}", "192.0.2.2", 40_000, 443, identification=n, seq=7, flags="S"))
        for n in (1, 2)
    ]
    once, again = apart(seen_in(packets, [])[0])
    assert (len(once), again) == (2, {})


def test_ports_used_again_with_the_same_number_are_another_connection() -> None:
    inside = busy(Random(1), Traffic(connections=1))
    device = Translator(client=nat(Random(2)), later=5000 * MILLISECOND)
    once, again = apart(seen_in(on_any(inside, device), [])[0])
    assert (len(once), again) == (2, {})
