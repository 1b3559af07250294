"""Joining what a device between two captures rewrote: exactly the true pairs, or none."""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.connections.candidates import _scores
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.targets import by_target
from bothways.evidence.case import Role
from bothways.evidence.endpoint import Endpoint
from tests.helpers import packets as p
from tests.helpers.readers import survey
from tests.helpers.translator import (
    MILLISECOND,
    NOT_SHRUNK,
    START,
    TIMESTAMPS,
    Parts,
    Renamed,
    Traffic,
    Translator,
    busy,
    modulated,
    moved_to,
    nat,
    nothing,
    proxied,
    unchanged,
)

LATER = 10 * MILLISECOND


def joined(
    client: Sequence[p.Packet], server: Sequence[p.Packet], *more: tuple[str, Sequence[p.Packet]]
) -> tuple[Exchange, ...]:
    """What the captures show, joined; *more* are those of other observers."""
    files = (("client", client), *more, ("server", server))
    surveys = [survey([p.pcap_file(packets, nanoseconds=True)], file=f"{vantage}.pcap") for vantage, packets in files]
    observers = place_observers([(item, Role(vantage=item.file.removesuffix(".pcap"))) for item in surveys])
    return join(observers, [see(observer, ()) for observer in observers])


def seen_in(client: Sequence[p.Packet], server: Sequence[p.Packet]) -> list[list[Seen]]:
    """The rows of two captures, not joined."""
    surveys = [
        survey([p.pcap_file(packets, nanoseconds=True)], file=f"{n}.pcap") for n, packets in enumerate((client, server))
    ]
    return [see(observer, ()) for observer in place_observers([(item, Role()) for item in surveys])]


def client_of(packet: p.Packet) -> Endpoint:
    """The client's end of one of `busy`'s packets."""
    frame = Parts(packet.frame)
    return frame.source if frame.way == "there" else frame.destination


def pairs(exchanges: Sequence[Exchange]) -> set[tuple[Endpoint, Endpoint]]:
    """(client's end at the client, at the server) of what was joined."""
    return {(one.seen[0].sides.client, one.seen[1].sides.client) for one in exchanges if len(one.seen) == 2}


def ends(packets: Sequence[p.Packet]) -> set[Endpoint]:
    """All clients' ends."""
    return {client_of(packet) for packet in packets}


def device(**more: Any) -> Translator:
    """A device ten milliseconds before an observer whose clock is three minutes ahead."""
    return Translator(later=LATER, routers=8, clock=lambda at: at + 187 * 10**9, **more)


REWRITINGS = st.fixed_dictionaries(
    {
        "client": st.sampled_from(["kept", "nat", "address"]),
        "server": st.sampled_from(["kept", "moved", "port"]),
        "sequence": st.sampled_from([(), ("there",), ("back",), ("there", "back")]),
        "stamps": st.sampled_from(["kept", "shifted", "stripped", "none"]),
        "uptime": st.booleans(),
        "marks": st.booleans(),
        "mss": st.sampled_from([None, 1300]),
        "vlan": st.sampled_from([None, 12]),
    }
)


def traffic_of(how: dict[str, Any], **more: Any) -> Traffic:
    """Thirty connections whose timestamps are as *how* says."""
    return Traffic(connections=30, stamps=how["stamps"] != "none", uptime=how["uptime"], **more)


def made_of(random: Random, how: dict[str, Any]) -> Translator:
    """The device that *how* describes."""
    clients: dict[str, Renamed] = {"kept": unchanged, "nat": nat(random), "address": moved_to("203.0.113.7")}
    servers: dict[str, Renamed] = {
        "kept": unchanged,
        "moved": moved_to("10.9.0.1"),
        "port": moved_to("10.9.0.1", 943),
    }
    return device(
        client=clients[how["client"]],
        server=servers[how["server"]],
        sequence=modulated(random, *how["sequence"]) if how["sequence"] else nothing,
        stamps=modulated(random) if how["stamps"] == "shifted" else nothing,
        strips=frozenset({TIMESTAMPS}) if how["stamps"] == "stripped" else frozenset(),
        marks=(lambda: random.randrange(1, 1 << 16)) if how["marks"] else None,
        mss=how["mss"],
        vlan=how["vlan"],
    )


@settings(max_examples=60, deadline=None, phases=NOT_SHRUNK)
@given(seed=st.integers(0, 2**32), how=REWRITINGS)
def test_whatever_is_rewritten_true_pairs_are_joined_and_no_others(seed: int, how: dict[str, Any]) -> None:
    random = Random(seed)
    inside = busy(random, traffic_of(how))
    made = made_of(random, how)
    exchanges = joined(inside, made.rewritten(inside))
    truth = {(end, made.client(end)) for end in ends(inside)}
    found = pairs(exchanges)
    assert found <= truth
    missed = truth - found
    if "there" not in how["sequence"]:
        assert not missed
    elif "back" not in how["sequence"] or (how["stamps"] == "kept" and not how["uptime"]):
        answered = {one.client for one in exchanges if one.seen[0].sides.back.packets}
        assert not {client for client, _ in missed} & answered


@settings(max_examples=60, deadline=None, phases=NOT_SHRUNK)
@given(seed=st.integers(0, 2**32), how=REWRITINGS, gap=st.sampled_from(["connections", "packets", "late", "mostly"]))
def test_captures_that_miss_connections_and_packets_lead_to_no_wrong_pair(
    seed: int, how: dict[str, Any], gap: str
) -> None:
    random = Random(seed)
    inside = busy(random, traffic_of(how, apart=random.choice((5, 200)) * MILLISECOND))
    made = made_of(random, how)
    chosen = {end: (random.random() < 0.6, random.random() < 0.6) for end in sorted(ends(inside))}

    def kept(packet: p.Packet, side: int) -> bool:
        if gap == "connections":
            return chosen[client_of(packet)][side]
        if gap == "late":
            return packet.at >= START + side * 1_500 * MILLISECOND
        return random.random() < (0.85 if gap == "packets" else 0.4)

    near = [packet for packet in inside if kept(packet, 0)]
    far = made.rewritten([packet for packet in inside if kept(packet, 1)])
    truth = {(end, made.client(end)) for end in ends(inside)}
    assert pairs(joined(near, far)) <= truth


@settings(max_examples=20, deadline=None, phases=NOT_SHRUNK)
@given(seed=st.integers(0, 2**32), stamps=st.booleans())
def test_the_connections_that_a_proxy_makes_are_not_those_of_its_clients(seed: int, *, stamps: bool) -> None:
    random = Random(seed)
    inside = busy(random, Traffic(connections=60, stamps=stamps))
    assert pairs(joined(inside, proxied(random, inside))) == set()


def syns(client: str, server: Endpoint, ports: int, isn: int, *, counting: int = 1) -> list[p.Packet]:
    """Two SYNs of one millisecond with one IP identification and one TSval, from *isn* on."""
    return [
        p.Packet(
            at=START,
            frame=p.tcp_frame(
                client,
                server.address,
                ports + number,
                server.port,
                seq=isn + number * counting,
                flags="S",
                options=[p.timestamps(77, 0)],
                identification=9,
            ),
        )
        for number in (0, 1)
    ]


def test_connections_that_look_alike_are_told_apart_by_their_ports_where_those_are_kept() -> None:
    inside = syns("10.0.0.1", Endpoint("192.0.2.2", 443), 40_000, 1000)
    outside = syns("10.0.0.1", Endpoint("10.9.0.1", 943), 40_000, 5_000_000)
    kept = {(Endpoint("10.0.0.1", port), Endpoint("10.0.0.1", port)) for port in (40_000, 40_001)}
    assert pairs(joined(inside, outside)) == kept


def test_connections_that_nothing_tells_apart_stay_apart_and_are_counted() -> None:
    """An old device begins every connection with the same number."""
    server = Endpoint("192.0.2.2", 443)
    inside, outside = (
        syns(*ends, 7, counting=0) for ends in (("10.0.0.1", server, 40_000), ("203.0.113.7", server, 9))
    )
    alike = joined(inside, outside)
    assert pairs(alike) == set()
    assert [one.rivals for one in alike if one.seen[0].observer.vantage == "client"] == [2, 2]


def test_nat64_is_seen_through() -> None:
    random = Random(3)
    four = Endpoint("192.0.2.2", 443)
    six = Endpoint("64:ff9b::c000:202", 443)
    inside = busy(random, Traffic(clients=("2001:db8::1",), servers=(six,)))
    made = device(client=nat(random), server=lambda _: four, sequence=modulated(random, "there"))
    exchanges = joined(inside, made.rewritten(inside))
    assert len(pairs(exchanges)) == len(exchanges)
    assert {one.server for one in exchanges} == {six}


def test_targets_are_named_by_what_the_observer_nearest_to_the_client_saw() -> None:
    random = Random(4)
    inside = busy(random, Traffic())
    made = device(client=nat(random), server=moved_to("10.9.0.1", 943))
    exchanges = joined(inside, made.rewritten(inside))
    assert {key.server for key in by_target(exchanges)} == {one.server for one in exchanges}
    assert {key.network for key in by_target(exchanges)} == {"10.0.0.0/24"}
    assert {one.seen[-1].sides.server for one in exchanges} == {Endpoint("10.9.0.1", 943)}


def test_three_observers_of_a_connection_that_is_rewritten_twice_are_one_exchange() -> None:
    random = Random(5)
    inside = busy(random, Traffic())
    first = device(client=nat(random), sequence=modulated(random, "there"))
    between = first.rewritten(inside)
    second = device(server=moved_to("10.9.0.1"), sequence=modulated(random, "back"))
    exchanges = joined(inside, second.rewritten(between), ("firewall-outside", between))
    assert {len(one.seen) for one in exchanges} == {3}
    for one in exchanges:
        assert len({seen.sides.there.isn for seen in one.seen}) == 1
        assert len({seen.sides.back.isn for seen in one.seen} - {None}) <= 1


def test_few_pairs_are_compared_however_many_connections_there_are() -> None:
    random = Random(6)
    inside = busy(random, Traffic(connections=1500))
    made = device(client=nat(random), sequence=modulated(random))
    views = seen_in(inside, made.rewritten(inside))
    assert len(_scores(views[0], views[1], None)) < 2 * 1500
