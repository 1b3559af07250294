"""Plans played against a network on paper: which kind of packet goes how far, and who answers."""

from itertools import pairwise

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came, ProbeTrace, Sends
from bothways.probes.kinds import (
    inside_ack,
    inside_data,
    inside_hello,
    inside_large,
    inside_other_hello,
    inside_syn,
    stray_ack,
    udp,
)
from bothways.probes.plan import Heard
from bothways.probes.tracing import Tracing
from bothways.units import Instant
from bothways.wire.tls import server_name
from tests.helpers.paper_network import CLIENT, SERVER, START, Paper, Seen, play, segment, ttl_of
from tests.helpers.probing import HELD

ROUTERS = ["10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1", "10.5.0.1"]


def only_syns(packet: Seen) -> bytes | None:
    return packet.data if packet.is_syn else None


def reach(trace: ProbeTrace) -> int:
    """The distance of the destination if it answered, otherwise of the last that did."""
    ends = [shot.ttl for shot in trace.shots for reply in shot.replies if reply.came is not Came.TIME_EXCEEDED]
    return min(ends, default=max((shot.ttl for shot in trace.shots if shot.replies), default=0))


def who(trace: ProbeTrace) -> dict[int, set[str | None]]:
    return {
        ttl: {reply.sender for shot in trace.shots if shot.ttl == ttl for reply in shot.replies}
        for ttl in {shot.ttl for shot in trace.shots}
    }


def came(trace: ProbeTrace, ttl: int) -> set[Came]:
    return {reply.came for shot in trace.shots if shot.ttl == ttl for reply in shot.replies}


def test_on_a_sound_path_each_router_and_the_server_answer_at_their_distances() -> None:
    syn, ack = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), Paper(routers=ROUTERS))
    for trace in (syn, ack):
        assert {ttl: who(trace)[ttl] for ttl in range(1, 6)} == {n + 1: {router} for n, router in enumerate(ROUTERS)}
        assert who(trace)[6] == {SERVER.address}
        assert came(trace, 6) == {Came.ACK}


def test_a_device_that_never_saw_the_reply_stops_the_ack_and_passes_the_repeated_syn() -> None:
    network = Paper(routers=ROUTERS, devices={3: only_syns}, takes_ack=False)
    syn, ack = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), network)
    assert (reach(syn), reach(ack)) == (6, 2)
    assert came(syn, 6) == {Came.SYN_ACK}


def test_where_one_kind_is_silent_another_is_answered_before_and_after() -> None:
    network = Paper(routers=ROUTERS, devices={3: only_syns}, takes_ack=False)
    syn, ack = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), network)
    for ttl in (3, 4):
        silent = [shot.at for shot in ack.shots if shot.ttl == ttl]
        answered = [shot.at for shot in syn.shots if shot.ttl == ttl and shot.replies]
        assert len(silent) >= 3
        assert min(answered) < min(silent)
        assert max(answered) > max(silent)


def test_a_repeat_of_the_servers_own_accord_is_no_answer_of_a_nearer_distance() -> None:
    network = Paper(
        routers=[*ROUTERS[:3], None, None],
        devices={3: only_syns},
        takes_ack=False,
        spontaneous=[50_000_000, 700_000_000, 2_000_000_000],
    )
    syn, _ = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), network)
    assert {ttl for ttl in range(1, 7) if Came.SYN_ACK in came(syn, ttl)} == {6}


def test_stray_acks_are_answered_by_a_reset_each() -> None:
    (stray,) = play(Tracing([stray_ack(Endpoint(CLIENT.address, 50_000), SERVER, 77)]), Paper(routers=ROUTERS))
    assert stray.sends is Sends.STRAY_ACK
    assert {ttl for ttl in range(1, 7) if came(stray, ttl) == {Came.RESET}} == {6}


def test_a_name_filter_stops_the_hello_and_nothing_else() -> None:
    def filtered(packet: Seen) -> bytes | None:
        return None if server_name(packet.payload) == "bad.example" else packet.data

    network = Paper(routers=ROUTERS, devices={4: filtered})
    plan = Tracing([inside_ack(HELD), inside_data(HELD, last=5), inside_hello(HELD, "bad.example", bytes(32), last=5)])
    ack, data, hello = play(plan, network)
    assert (reach(ack), reach(data), reach(hello)) == (6, 5, 3)


def test_a_silent_router_is_passed() -> None:
    (syn,) = play(Tracing([inside_syn(HELD)]), Paper(routers=[ROUTERS[0], None, *ROUTERS[2:]]))
    assert not came(syn, 2)
    assert sum(shot.ttl == 2 for shot in syn.shots) == 3
    assert reach(syn) == 6


def test_a_router_that_limits_its_errors_is_asked_again_until_it_answers() -> None:
    network = Paper(routers=ROUTERS, limits={2: 400_000_000})
    syn, ack = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), network)
    assert who(syn)[2] == who(ack)[2] == {ROUTERS[1]}


def test_packets_that_go_round_end_a_trace() -> None:
    network = Paper(routers=[ROUTERS[0], *ROUTERS[1:3] * 20])
    (syn,) = play(Tracing([inside_syn(HELD)]), network)
    assert max(shot.ttl for shot in syn.shots) < 12


def test_a_short_quote_tells_its_probe_by_the_identification() -> None:
    syn, ack = play(Tracing([inside_syn(HELD), inside_ack(HELD)]), Paper(routers=ROUTERS, quotes=28))
    assert reach(syn) == reach(ack) == 6


def test_an_identification_that_a_translator_changes_is_made_up_for_by_asking_one_at_a_time() -> None:
    def other_id(packet: Seen) -> bytes | None:
        return packet.data[:4] + b"\xbe\xef" + packet.data[6:]

    (syn,) = play(Tracing([inside_syn(HELD)]), Paper(routers=ROUTERS, devices={1: other_id}, quotes=28))
    assert {ttl: who(syn)[ttl] for ttl in range(1, 6)} == {n + 1: {router} for n, router in enumerate(ROUTERS)}
    assert reach(syn) == 6
    assert "identification" in {name for shot in syn.shots for reply in shot.replies for name in reply.rewritten}


def test_a_segment_size_that_a_device_lowers_is_named() -> None:
    def clamped(packet: Seen) -> bytes | None:
        return packet.data.replace(b"\x02\x04\x05\xb4", b"\x02\x04\x05\x50")

    (syn,) = play(Tracing([inside_syn(HELD)]), Paper(routers=ROUTERS, devices={3: clamped}))
    shown = {
        shot.ttl: reply.rewritten for shot in syn.shots for reply in shot.replies if reply.came is Came.TIME_EXCEEDED
    }
    assert shown == {1: (), 2: (), 3: ("MSS",), 4: ("MSS",), 5: ("MSS",)}


def test_no_packet_leaves_sooner_after_another_than_the_rate_allows() -> None:
    network = Paper(routers=ROUTERS, devices={3: only_syns})
    play(Tracing([inside_syn(HELD), inside_ack(HELD)]), network)
    times = [at for at, _ in network.sent]
    assert min(after - before for before, after in pairwise(times)) >= 20_000_000
    assert all(1 <= ttl_of(packet) <= 30 for _, packet in network.sent)


STRAY = Endpoint(CLIENT.address, 50_000)


def reaches(network: Paper, *, with_stray: bool = True) -> tuple[int, ...]:
    asked = [inside_syn(HELD), inside_ack(HELD), *([stray_ack(STRAY, SERVER, 9)] if with_stray else [])]
    return tuple(reach(trace) for trace in play(Tracing(asked), network))


def test_a_loose_and_a_strict_firewall_that_never_saw_the_reply_differ_in_stray_acks() -> None:
    def loose(packet: Seen) -> bytes | None:
        ours = packet.header is not None and packet.header.source_port == CLIENT.port
        return packet.data if packet.is_syn or not ours else None

    assert reaches(Paper(routers=ROUTERS, devices={3: loose}, takes_ack=False)) == (6, 2, 6)
    assert reaches(Paper(routers=ROUTERS, devices={3: only_syns}, takes_ack=False)) == (6, 2, 2)


def test_a_rule_against_established_packets_stops_the_repeated_syn_too() -> None:
    def of_the_connection(packet: Seen) -> bytes | None:
        return None if packet.header is not None and packet.header.source_port == CLIENT.port else packet.data

    assert reaches(Paper(routers=ROUTERS, devices={4: of_the_connection}, takes_ack=False)) == (3, 3, 6)


def test_where_the_whole_connection_is_stopped_another_flow_is_asked_in_turn() -> None:
    def of_the_connection(packet: Seen) -> bytes | None:
        return None if packet.header is not None and packet.header.source_port == CLIENT.port else packet.data

    asked = [inside_ack(HELD), stray_ack(STRAY, SERVER, 9)]
    ack, stray = play(Tracing(asked), Paper(routers=ROUTERS, devices={4: of_the_connection}))
    silent = [shot.at for shot in ack.shots if shot.ttl == 4]
    answered = [shot.at for shot in stray.shots if shot.ttl == 4 and shot.replies]
    assert len(silent) >= 3
    assert min(answered) < silent[1]
    assert max(answered) > max(silent)


def narrow(*, tells: bool) -> Paper:
    def link(packet: Seen) -> bytes | None:
        return packet.data if len(packet.data) <= 1400 else None

    return Paper(routers=ROUTERS, devices={4: link}, too_big=(4, 1400) if tells else None)


def test_a_narrow_link_stops_large_packets_with_or_without_a_word() -> None:
    asked = [inside_ack(HELD), inside_data(HELD, last=5), inside_large(HELD, last=5)]
    ack, data, large = play(Tracing(asked), narrow(tells=False))
    assert (reach(ack), reach(data), reach(large)) == (6, 5, 3)
    *_, told = play(Tracing(asked), narrow(tells=True))
    assert {(reply.came, reply.mtu) for shot in told.shots if shot.ttl == 4 for reply in shot.replies} == {
        (Came.TOO_BIG, 1400)
    }
    assert max(shot.ttl for shot in told.shots if shot.replies) >= 4


def test_another_name_of_the_same_size_passes_the_filter() -> None:
    def filtered(packet: Seen) -> bytes | None:
        return None if server_name(packet.payload) == "bad.example" else packet.data

    asked = [
        inside_hello(HELD, "bad.example", bytes(32), size=517, last=5),
        inside_other_hello(HELD, "www.example.org", bytes(32), size=517, last=5),
    ]
    named, other = play(Tracing(asked), Paper(routers=ROUTERS, devices={4: filtered}))
    assert (reach(named), reach(other)) == (3, 5)
    assert named.size == other.size == 20 + 20 + 12 + 517
    assert (named.name, other.name) == ("bad.example", "www.example.org")


def test_datagrams_find_the_routers() -> None:
    (trace,) = play(Tracing([udp(STRAY, Endpoint(SERVER.address, 33_434))]), Paper(routers=ROUTERS))
    assert {ttl: who(trace)[ttl] for ttl in range(1, 6)} == {n + 1: {router} for n, router in enumerate(ROUTERS)}


def test_a_broken_member_of_a_group_shows_in_the_flows_that_it_carries() -> None:
    def member(packet: Seen) -> bytes | None:
        return None if packet.header is not None and packet.header.source_port % 2 else packet.data

    def stray(port: int) -> int:
        asked = stray_ack(Endpoint(CLIENT.address, port), SERVER, 5)
        return reach(play(Tracing([asked]), Paper(routers=ROUTERS, devices={3: member}))[0])

    assert [stray(port) for port in (50_000, 50_001, 50_002, 50_003)] == [6, 2, 6, 2]


def test_a_silent_server_leaves_the_routers_before_it() -> None:
    (ack,) = play(Tracing([inside_ack(HELD)]), Paper(routers=ROUTERS, answers=False))
    assert reach(ack) == 5
    assert sorted(shot.ttl for shot in ack.shots if shot.ttl == 6) == [6, 6, 6]


def test_a_reset_connection_is_not_asked_any_further() -> None:
    tested = Tracing([inside_syn(HELD), inside_ack(HELD)])
    assert tested.packets(START)
    tested.hear(Heard(at=Instant(START + 20 * 10**6), packet=segment("R", HELD.ack, 0)))
    assert tested.due(Instant(START + 10**9)) is None
    assert not tested.packets(Instant(START + 10**9))


def test_the_number_of_a_device_that_changes_sequence_numbers_is_named() -> None:
    def renumbered(packet: Seen) -> bytes | None:
        return packet.data[:24] + b"\x7f\x01\x02\x03" + packet.data[28:]

    (syn,) = play(Tracing([inside_syn(HELD)]), Paper(routers=ROUTERS, devices={3: renumbered}, answers=False))
    named = {shot.ttl: reply.rewritten for shot in syn.shots for reply in shot.replies}
    assert named == {1: (), 2: (), 3: ("sequence number",), 4: ("sequence number",), 5: ("sequence number",)}
