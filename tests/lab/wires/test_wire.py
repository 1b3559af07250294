"""What comes out at the other end of a wire, and what the wire says about it."""

import os
import socket
import time

import pytest

from bothways.lab.model.network import Quality
from bothways.lab.wires import ends
from bothways.lab.wires.packet_socket import Reader, dropped, opened
from bothways.lab.wires.wire import lay
from bothways.lab.world.nodes import run, within
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import parse_ip
from bothways.wire.link import ETHERNET, parse_link
from tests.helpers.world import inside
from tests.lab.wires.pair import (
    PORT,
    A,
    B,
    addressed,
    assert_as_told,
    burst,
    datagrams,
    everything,
    link,
    paced,
    received,
    two_nodes,
    wired,
)

pytestmark = pytest.mark.lab

MS = 1_000_000


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_packet_takes_each_ways_latency(family: socket.AddressFamily) -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=20), Quality(latency_ms=70)))
        with datagrams(family) as (sender, receiver):
            start = time.time_ns()
            burst(sender, 1)
            ((_, arrived),) = received(receiver, 1)
            receiver.sendto(b"back", sender.getsockname())
            sender.recv(10)
            end = time.time_ns()
        assert 20 * MS <= arrived - start < 1000 * MS
        assert 70 * MS <= end - arrived < 1000 * MS
        count = wire.end()
        assert_as_told(count)
        assert count.back.carried >= 1

    inside(life)


def test_twenty_thousand_packets_a_second_arrive_whole_and_in_order() -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=10), Quality(latency_ms=10)))
        with datagrams() as (sender, receiver):
            sent = paced(sender, 20_000, 1.0)
            assert [number for number, _ in received(receiver, sent)] == list(range(sent))
        count = wire.end()
        assert_as_told(count)
        assert count.there.carried >= sent == 20_000

    inside(life)


def test_what_chance_does_is_counted_exactly() -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=30, loss=0.2, duplicate=0.1, reorder=0.1)))
        with datagrams() as (sender, receiver):
            burst(sender, 1000)
            arrived = everything(sender, receiver)
        count = wire.end()
        assert_as_told(count)
        there = count.there
        assert len(arrived) == 1000 - there.lost + there.duplicated
        assert 120 < there.lost < 280
        assert len(arrived) - len(set(arrived)) == there.duplicated > 40
        assert there.overtaking > 40
        assert arrived != sorted(arrived)
        assert count.back.lost == count.back.duplicated == count.back.overtaking == 0

    inside(life)


def test_the_same_seed_loses_the_same_packets() -> None:
    def life() -> None:
        two_nodes()
        kept = []
        for seed in (1, 2, 1):
            wire = lay(link(Quality(loss=0.5)), 0, seed)
            addressed()
            with datagrams() as (sender, receiver):
                burst(sender, 64)
                kept.append(everything(sender, receiver))
            assert_as_told(wire.end())
            for node in "ab":
                run(node, "ip", "link", "delete", "eth0")
        assert kept[0] == kept[2] != kept[1]

    inside(life)


def test_a_rate_is_kept_and_its_queue_overflows_as_told() -> None:
    def life() -> None:
        wire = wired(link(Quality(rate_kbit=4_000, queue=50)))
        with datagrams() as (sender, receiver):
            burst(sender, 200, size=958)  # frames of 1,000 bytes: 2 ms each
            got = received(receiver, 40)  # of a burst taken at once 50 wait, some of them the kernel's own
        span = got[-1][1] - got[0][1]
        assert span > 60 * MS  # 39 frames take 78 ms; what was read late only came together
        count = wire.end()
        assert_as_told(count)
        assert count.there.overflowed + count.there.carried + count.there.waiting == count.there.taken
        assert 0 < count.there.overflowed < 150

    inside(life)


def test_frames_on_the_wire_are_such_as_a_cable_carries() -> None:
    """No segments of 64 KiB, no checksum left for a card to fill in."""

    def life() -> None:
        wire = wired(link(Quality(latency_ms=1)))
        with within("b"):
            watching = opened("eth0", past_queues=True)
            server = socket.create_server((B, PORT))
        with within("a"):
            client = socket.create_connection((B, PORT))
        with watching, server, client, server.accept()[0] as accepted:
            client.sendall(bytes(300_000))
            left = 300_000
            while left:
                left -= len(accepted.recv(left))
            reader = Reader(watching)
            frames = []
            while (frame := reader.next()) is not None:
                frames.append(frame)
        assert len(frames) > 200
        assert max(map(len, frames)) == 1514
        for frame in frames:
            at = parse_link(ETHERNET, frame)
            assert at is not None
            ip = parse_ip(frame, at.offset, len(frame)) if at.protocol == 0x0800 else None
            if ip is not None:
                pseudo = ip.source + ip.destination + ip.protocol.to_bytes(2) + ip.length.to_bytes(2)
                assert internet_checksum(pseudo + frame[ip.start : ip.start + ip.length]) == 0
        assert_as_told(wire.end())

    inside(life)


def test_what_still_waits_at_the_end_is_neither_carried_nor_lost() -> None:
    def life() -> None:
        two_nodes()
        wire = lay(link(Quality(latency_ms=60_000)), 0, 1)
        run("a", "ip", "address", "add", f"{A}/24", "dev", "eth0")
        run("a", "ip", "neighbour", "add", B, "lladdr", "02:00:00:00:00:01", "dev", "eth0")
        with datagrams() as (sender, _):
            burst(sender, 100)
        count = wire.end()
        assert_as_told(count)
        assert count.there.waiting == count.there.taken >= 100

    inside(life)


def test_a_wire_that_is_stopped_before_it_began_reports_all_the_same() -> None:
    def life() -> None:
        two_nodes()
        wire = lay(link(Quality(latency_ms=1)), 0, 1)
        wire.stop()
        assert_as_told(wire.end())

    inside(life)


# --- what was not planned ---


def test_a_carrier_that_died_is_reported() -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=1)))
        os.kill(wire._carrier.pid, 9)
        count = wire.end()
        assert count.unplanned == 1
        assert list(count.surprises) == ["the carrier ended by itself, exit status -9"]

    inside(life)


def test_a_carrier_that_fails_says_why() -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=1)))
        run(ends.HIDDEN, "ip", "link", "set", "w0a", "down")
        count = wire.end()
        assert count.unplanned >= 1
        assert any("Network is down" in what for what in count.surprises)

    inside(life)


def test_frames_that_an_end_does_not_take_are_counted() -> None:
    def life() -> None:
        wire = wired(link(Quality(latency_ms=1)))
        run("b", "ip", "link", "set", "eth0", "mtu", "1280")
        with datagrams() as (sender, receiver):
            burst(sender, 7, size=1400)
            burst(sender, 1)
            received(receiver, 1)
        count = wire.end()
        assert count.surprises["dropped on receipt by b's eth0"] == 7

    inside(life)


def test_frames_that_nobody_read_in_time_are_counted() -> None:
    def life() -> None:
        wire = wired(link())
        with within("b"):
            watching = opened("eth0", past_queues=True)
        watching.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with watching, datagrams() as (sender, receiver):
            burst(sender, 100)
            received(receiver, 100)
            kept = Reader(watching)
            read = 0
            while kept.next() is not None:
                read += 1
            assert 0 < dropped(watching) < 100
            assert read < 100
        wire.end()

    inside(life)


def test_the_hidden_ends_are_silent() -> None:
    """What comes out of a wire went into it: no kernel behind it speaks for itself."""

    def life() -> None:
        two_nodes()
        wire = lay(link(Quality(latency_ms=1)), 0, 1)
        for node, address in (("a", A), ("b", B)):
            run(node, "ip", "address", "add", f"{address}/24", "dev", "eth0")
        wire.await_ready()
        with datagrams() as (sender, receiver):
            burst(sender, 1)
            received(receiver, 1)
        shown = run(ends.HIDDEN, "ip", "-6", "address", "show").stdout
        assert "fe80" not in shown
        count = wire.end()
        assert_as_told(count)
        assert count.there.carried == count.there.taken - count.there.waiting

    inside(life)
