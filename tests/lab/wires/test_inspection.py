"""Real connections through a wire that reads the names that they ask for."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bothways.lab.model.network import Inspection, Link, Quality
from bothways.lab.world.nodes import within
from bothways.lab.world.waiting import until
from tests.helpers.packets import client_hello
from tests.helpers.world import inside
from tests.lab.wires.pair import B6, B, assert_as_told, link, wired

pytestmark = pytest.mark.lab

TLS = 443
GOOD, BAD = client_hello("allowed.example"), client_hello("blocked.example", before=[(21, bytes(2000))])
"""The name that is not liked comes in the second segment."""


def inspected(answer: str) -> Link:
    quality = Quality(latency_ms=5)
    inspection = Inspection(names=["blocked.example"], answer="reset" if answer == "reset" else "silent")
    return link(quality, quality, inspection=inspection)


@contextmanager
def connection(server: str) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The client's and the server's end of a connection."""
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with within("b"):
        listener = socket.create_server((server, TLS), family=family)
    with within("a"):
        client = socket.create_connection((server, TLS), timeout=10)
    with listener, client:
        accepted, _ = listener.accept()
        with accepted:
            accepted.settimeout(10)
            yield client, accepted


def retransmissions(sock: socket.socket) -> int:
    """How often the oldest unacknowledged segment was sent again (tcpi_retransmits, linux/tcp.h)."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)
    return int(struct.unpack("8B", info)[2])


@pytest.mark.parametrize("server", [B, B6])
def test_a_reset_ends_the_connection_at_both_ends(server: str) -> None:
    def life() -> None:
        wire = wired(inspected("reset"))
        with connection(server) as (client, accepted):
            client.sendall(BAD)
            with pytest.raises(ConnectionResetError):
                client.recv(1)
            with pytest.raises(ConnectionResetError):
                b"".join(iter(lambda: accepted.recv(4096), b""))
        count = wire.end()
        assert_as_told(count)
        assert (count.there.injected, count.back.injected) == (1, 1)
        assert count.there.inspected >= 1
        assert count.back.inspected == 0

    inside(life)


@pytest.mark.parametrize("answer", ["silent", "reset"])
def test_another_name_passes(answer: str) -> None:
    def life() -> None:
        wire = wired(inspected(answer))
        with connection(B) as (client, accepted):
            client.sendall(GOOD)
            client.shutdown(socket.SHUT_WR)
            assert b"".join(iter(lambda: accepted.recv(4096), b"")) == GOOD
            accepted.sendall(b"welcome")
            assert client.recv(10) == b"welcome"
        count = wire.end()
        assert_as_told(count)
        assert count.there.inspected == count.there.injected == 0

    inside(life)


def test_silence_lets_the_server_wait_and_the_client_try_again() -> None:
    def life() -> None:
        wire = wired(inspected("silent"))
        with connection(B) as (client, accepted):
            client.sendall(BAD)
            assert accepted.recv(4096) == BAD[: 1460 - 12]  # what passed before the name came; 12 bytes are timestamps
            until(lambda: retransmissions(client), "the client to send again")
            accepted.setblocking(False)  # noqa: FBT003 - the language's own
            with pytest.raises(BlockingIOError):
                accepted.recv(1)
            accepted.sendall(b"still there?")
            assert client.recv(20) == b"still there?"
        count = wire.end()
        assert_as_told(count)
        assert count.there.inspected >= 2
        assert count.there.injected == count.back.injected == 0

    inside(life)
