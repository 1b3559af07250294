"""tcpdump as a witness: what it must have seen, and what it must not keep to itself."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bothways.errors import InputError
from bothways.lab.model.scenario import Capture
from bothways.lab.witnesses import captures
from bothways.lab.witnesses.packets import ExpressionError, count
from bothways.lab.witnesses.programs import IncompleteError
from bothways.lab.world.nodes import ProgramError
from bothways.lab.world.waiting import until
from tests.helpers import packets as p
from tests.helpers.readers import survey
from tests.lab.witnesses.little import SERVERS, conversation, programs, raw, running

pytestmark = pytest.mark.lab

EVERYWHERE = [
    Capture(name="client", node="client", interface="eth0"),
    Capture(name="firewall-inside", node="firewall", interface="inside"),
    Capture(name="firewall-outside", node="firewall", interface="outside"),
    Capture(name="server", node="server", interface="eth0"),
]
CLIENT = EVERYWHERE[:1]


def test_every_point_sees_a_whole_conversation_of_both_versions_of_ip() -> None:
    def life(folder: Path) -> None:
        with captures.recording(EVERYWHERE, folder):
            for address in SERVERS:
                conversation(300_000, address)
        files = sorted(folder.iterdir())
        assert [file.name for file in files] == [f"{capture.name}.pcap" for capture in EVERYWHERE]
        for file in files:
            rows = survey([file.read_bytes()], file=file.name).rows
            assert sorted(row.received.payload for row in rows) == [300_000, 300_000]

    running(life)


@pytest.mark.oracle
def test_tshark_finds_every_acknowledged_byte_in_the_capture() -> None:
    def life(folder: Path) -> None:
        with captures.recording(CLIENT, folder):
            conversation(300_000)
        wrong = "tcp.analysis.lost_segment or tcp.analysis.ack_lost_segment or _ws.malformed"
        done = subprocess.run(
            ["tshark", "-r", str(folder / "client.pcap"), "-Y", wrong], capture_output=True, text=True, check=True
        )
        assert done.stdout == ""

    running(life)


def test_icmp_and_tagged_frames_are_kept_and_udp_is_not() -> None:
    echo = p.ipv4("192.0.2.1", SERVERS[0], bytes([8, 0, 0xF7, 0xFF, 0, 0, 0, 0]), protocol=1)
    datagram = p.ipv4("192.0.2.1", SERVERS[0], bytes(16), protocol=17)

    def life(folder: Path) -> None:
        with captures.recording(CLIENT, folder) as made, raw("client", "eth0") as wire:
            for packet in (echo, datagram):
                wire.send(p.ethernet(packet))
                wire.send(p.ethernet(packet, vlans=[(0x8100, 7)]))
            wire.send(p.ethernet(p.ipv4("192.0.2.1", SERVERS[0], p.tcp(1, 2, flags="R")), vlans=[(0x8100, 7)]))
            until(lambda: made["client"].seen("vlan 7 and tcp"), "the last frame to be written")
        file = folder / "client.pcap"
        assert count(file, "icmp and src host 192.0.2.1") == 1
        assert count(file, "vlan 7 and icmp") == 1
        assert count(file, "udp or (vlan and udp)") == 0

    running(life)


def test_a_condition_can_be_awaited_in_a_capture_that_goes_on() -> None:
    fins = "tcp[13] & 1 != 0"

    def life(folder: Path) -> None:
        with captures.recording(CLIENT, folder) as made:
            assert made["client"].seen(fins) == 0
            for number in (1, 2):
                conversation(10)
                until(lambda: made["client"].seen(fins) == 2 * number, "a FIN each way")  # noqa: B023 - awaited here
            with pytest.raises(ExpressionError, match="tcp and and"):
                made["client"].seen("tcp and and")

    running(life)


@contextmanager
def flood() -> Iterator[None]:
    """Packets that never stop."""
    over = threading.Event()
    frame = p.ethernet(p.ipv4("192.0.2.1", SERVERS[0], p.tcp(1, 2, flags="R")))

    def send() -> None:
        with raw("client", "eth0") as wire:
            while not over.wait(0.0002):
                wire.send(frame)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_capture_is_complete_although_packets_never_stop() -> None:
    def life(folder: Path) -> None:
        one = captures.Recording(CLIENT[0], folder)
        with one.witness:
            until(one.listening, "tcpdump to listen")
            with flood():
                until(lambda: one.seen("tcp") > 1000, "packets")
                figures = one.end()
        assert figures.received >= figures.captured == count(one.file, "")

    running(life)


def test_what_came_before_a_capture_began_is_not_missed() -> None:
    def life(folder: Path) -> None:
        with flood():
            for number in range(5):
                one = captures.Recording(Capture(name=f"capture-{number}", node="client", interface="eth0"), folder)
                with one.witness:
                    until(one.listening, "tcpdump to listen")
                    assert one.end().dropped == 0

    running(life)


def test_what_had_come_before_the_end_is_written_however_late_tcpdump_hears_of_it() -> None:
    frame = p.ethernet(p.ipv4("192.0.2.1", SERVERS[0], p.tcp(1, 2, flags="R")))

    def life(folder: Path) -> None:
        one = captures.Recording(CLIENT[0], folder)
        with one.witness:
            until(one.listening, "tcpdump to listen")
            one.witness.process.send_signal(signal.SIGSTOP)
            with raw("client", "eth0") as wire:
                for _ in range(400):
                    wire.send(frame)
            one.witness.process.send_signal(signal.SIGCONT)
            one.end()
        assert count(one.file, "tcp") == 400

    running(life)


def test_a_capture_that_had_no_room_makes_the_run_invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "RING_KIB", 512)
    frame = p.ethernet(p.ipv4("192.0.2.1", SERVERS[0], p.tcp(1, 2, flags="R")))

    def life(folder: Path) -> None:
        one = captures.Recording(CLIENT[0], folder)
        with one.witness:
            until(one.listening, "tcpdump to listen")
            one.witness.process.send_signal(signal.SIGSTOP)
            with raw("client", "eth0") as wire:
                for _ in range(1000):
                    wire.send(frame)
            one.witness.process.send_signal(signal.SIGCONT)
            with pytest.raises(IncompleteError, match=r"client.pcap is not complete"):
                one.end()

    running(life)


def test_a_point_that_is_not_there_is_named_and_the_others_are_ended() -> None:
    def life(folder: Path) -> None:
        missing = Capture(name="nowhere", node="client", interface="eth9")
        with (
            pytest.raises(ProgramError, match=r"(?s)tcpdump on client.*eth9"),
            captures.recording([*EVERYWHERE, missing], folder),
        ):
            pytest.fail("it began")
        assert programs() == set()

    running(life)


def test_a_capture_that_was_killed_is_no_evidence() -> None:
    def life(folder: Path) -> None:
        one = captures.Recording(CLIENT[0], folder)
        with one.witness:
            until(one.listening, "tcpdump to listen")
            one.witness.process.kill()
            one.witness.process.wait()
            with pytest.raises(ProgramError, match="tcpdump on client ended by itself, with exit status -9"):
                one.end()

    running(life)


def test_nothing_goes_on_after_a_body_that_failed() -> None:
    def life(folder: Path) -> None:
        with pytest.raises(ZeroDivisionError), captures.recording(EVERYWHERE, folder):
            raise ZeroDivisionError
        assert programs() == set()

    running(life)


def test_no_capture_is_written_outside_of_its_folder() -> None:
    def life(folder: Path) -> None:
        away = Capture(name="../away", node="client", interface="eth0")
        with pytest.raises(InputError, match="away"), captures.recording([away], folder):
            pytest.fail("it began")
        assert programs() == set()

    running(life)
