"""Interfaces whose frames carry a tag, as captures on both interfaces show them."""

import os
import socket

import pytest

from bothways.lab.model.network import Quality
from bothways.lab.wires import counters, vlan
from bothways.lab.wires.vlan import CarriedTag, tag
from bothways.lab.wires.wire import lay
from bothways.lab.world.nodes import run, start, within
from bothways.lab.world.waiting import until
from bothways.lab.world.world import WORK
from tests.helpers.world import inside
from tests.lab.wires.pair import B6, PORT, B, addressed, assert_as_told, burst, datagrams, link, received, two_nodes

pytestmark = pytest.mark.lab


def tagged_nodes() -> list[vlan.Tag]:
    """Two nodes with a cable between them, and addresses on VLAN 7."""
    two_nodes()
    run("a", "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "b")
    tags = [tag(node, "eth0", 7) for node in "ab"]
    addressed("eth0.7")
    return tags


def sent_while_captured(node: str, interface: str) -> list[str]:
    """What tcpdump tells of three packets from a to b, one line each."""
    file = WORK / f"{node}-{interface}"
    listening = WORK / f"{node}-{interface}.said"
    with listening.open("wb") as said:
        dump = start(
            node, "tcpdump", "-w", str(file), "-U", "-i", interface, "udp", "or", "vlan", "and", "udp", stderr=said
        )
    until(lambda: b"listening" in listening.read_bytes(), "tcpdump to listen")
    with datagrams() as (sender, receiver):
        burst(sender, 3)
        received(receiver, 3)
    until(lambda: len(lines(file)) >= 3, "tcpdump to write")
    dump.terminate()
    dump.wait()
    return lines(file)


def lines(file: os.PathLike[str]) -> list[str]:
    return run("b", "tcpdump", "-ennr", os.fspath(file), check=False).stdout.splitlines()


def test_frames_are_tagged_below_and_whole_above() -> None:
    def life() -> None:
        tags = tagged_nodes()
        for node in "ab":
            below, above = sent_while_captured(node, "eth0"), sent_while_captured(node, "eth0.7")
            assert len(below) == len(above) == 3
            assert all("ethertype 802.1Q (0x8100)" in line and "vlan 7," in line for line in below)
            assert all("ethertype IPv4 (0x0800)" in line and "vlan" not in line for line in above)
        for each in tags:
            count = each.end()
            assert_as_told(count)
            assert count.there.carried
            assert count.back.carried

    inside(life)


@pytest.mark.parametrize("server", [B, B6])
def test_tcp_works_through_a_tag_and_a_wire(server: str) -> None:
    """Checksums are complete, full segments fit, and the wire keeps the tag."""

    def life() -> None:
        two_nodes()
        wire = lay(link(Quality(latency_ms=1), vlan=7), 0, 1)
        tags = [tag(node, "eth0", 7) for node in "ab"]
        addressed("eth0.7")
        with within("b"):
            listener = socket.create_server((server, PORT), family=socket.AF_INET6 if ":" in server else socket.AF_INET)
        with within("a"):
            client = socket.create_connection((server, PORT), timeout=10)
        with listener, client, listener.accept()[0] as accepted:
            client.sendall(bytes(100_000))
            client.shutdown(socket.SHUT_WR)
            assert b"".join(iter(lambda: accepted.recv(65536), b"")) == bytes(100_000)
        for each in (wire, *tags):
            assert_as_told(each.end())

    inside(life)


def test_another_vlans_frames_are_not_mixed_in() -> None:
    def life() -> None:
        tags = tagged_nodes()
        tags += [tag(node, "eth0", 8) for node in "ab"]
        for node, address in (("a", "10.0.8.1"), ("b", "10.0.8.2")):
            run(node, "ip", "address", "add", f"{address}/24", "dev", "eth0.8")
            run(node, "ip", "link", "set", "eth0.8", "up")
        with within("b"):
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with within("a"):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with receiver, sender:
            receiver.bind(("10.0.8.2", PORT))
            receiver.settimeout(10)
            for _ in range(50):
                sender.sendto(b"eight", ("10.0.8.2", PORT))
                assert receiver.recv(10) == b"eight"
        counts = [each.end() for each in tags]
        for count in counts:
            assert_as_told(count)
        of_seven, of_eight = counts[1::2]
        assert of_seven.back.carried < 50 <= of_eight.back.carried

    inside(life)


def test_what_the_node_sends_after_the_end_is_not_counted_as_dropped() -> None:
    """An interface that is up speaks by itself, be it to look for IPv6 routers."""

    def life() -> None:
        tags = tagged_nodes()
        tags[0].stop()
        with datagrams() as (sender, receiver):
            receiver.settimeout(0.2)
            until(lambda: not sender.send(b"late") or not arrives(receiver), "the end of tagging")
            burst(sender, 3)
        for each in tags:
            assert each.end().unplanned == 0

    inside(life)


def arrives(receiver: socket.socket) -> bool:
    try:
        receiver.recv(10)
    except TimeoutError:
        return False
    return True


def test_what_comes_for_an_interface_that_is_down_is_missed_by_nobody() -> None:
    def life() -> None:
        two_nodes()
        run("a", "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "b")
        tags = [tag(node, "eth0", 7) for node in "ab"]
        run("a", "ip", "link", "set", "eth0.7", "up")
        run("a", "ip", "address", "add", "10.0.0.1/24", "dev", "eth0.7")
        with within("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            for _ in range(10):
                sender.sendto(b"all", ("10.0.0.255", PORT))
        for each in tags:
            assert_as_told(each.end())
        assert counters.of("b", "eth0.7").received_dropped >= 10

    inside(life)


def test_a_tagger_that_died_is_reported() -> None:
    def life() -> None:
        tags = tagged_nodes()
        assert isinstance(tags[0], CarriedTag)
        os.kill(tags[0]._tagger.pid, 9)
        count = tags[0].end()
        assert count.unplanned == 1
        assert list(count.surprises) == ["the tagger ended by itself, exit status -9"]
        tags[1].end()

    inside(life)


def test_the_tagged_interface_is_like_the_one_below_it() -> None:
    def life() -> None:
        two_nodes()
        run("a", "ip", "link", "add", "eth0", "mtu", "1400", "type", "veth", "peer", "name", "eth0", "netns", "b")
        made = tag("a", "eth0", 4094)
        below, above = (
            run("a", "ip", "-brief", "link", "show", name).stdout.split()[2] for name in ("eth0", "eth0.4094")
        )
        assert below == above
        assert "mtu 1400 " in run("a", "ip", "link", "show", "eth0.4094").stdout
        made.end()

    inside(life)
