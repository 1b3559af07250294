"""Services among clients that misbehave, and services that do not want any more."""

import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bothways.lab.model.traffic import Service
from bothways.lab.traffic.services import Services
from bothways.lab.world import nodes
from bothways.lab.world.nodes import ProgramError
from bothways.lab.world.waiting import until
from tests.helpers.world import inside
from tests.lab.traffic.pair import SERVER, connect, pay, visit

pytestmark = pytest.mark.lab

SERVICES = [
    Service(node="server", port=80),
    Service(node="server", port=443, speaks="tls"),
    Service(node="server", port=25, speaks="greeting"),
    Service(node="server", port=7, speaks="echo"),
    Service(node="server", port=9, speaks="mute"),
]
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger, socket(7)


def call(port: int) -> socket.socket:
    with nodes.within("client"):
        return socket.create_connection((SERVER, port), timeout=10)


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff\r\n\r\n\x16\x03\x01\r\n" * 50)


def half_a_request(connection: socket.socket) -> None:
    connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nthat was it")


def nonsense_of_length(connection: socket.socket) -> None:
    connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\nPUT /0 HTTP/9.9\r\nContent-Length: \xb2\r\n\r\n")


def a_request_whose_answer_nobody_reads(connection: socket.socket) -> None:
    connection.sendall(b"GET /100000000 HTTP/1.1\r\n\r\n")
    assert connection.recv(1)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


def nothing(connection: socket.socket) -> None:
    del connection


@pytest.mark.parametrize("end", [reset, nothing])
def test_no_client_stops_a_service(tmp_path: Path, end: Callable[[socket.socket], None]) -> None:
    raised: list[object] = []

    def life() -> None:
        threading.excepthook = raised.append
        connect()
        with Services.open(SERVICES, tmp_path):
            for begin in (garbage, half_a_request, nonsense_of_length, nothing):
                for service in SERVICES:
                    with call(service.port) as connection:
                        begin(connection)
                        end(connection)
            with call(80) as connection:
                a_request_whose_answer_nobody_reads(connection)
                end(connection)
            good = [visit(), visit(port=443, tls=True), visit("greeting", port=25), visit("echo", port=7)]
            assert all(one.done for one in pay(good, tmp_path))
            alone = 1 + len(SERVICES)
            until(lambda: threading.active_count() == alone, "all threads for connections to end")
        assert not raised

    inside(life)


def test_services_end_while_clients_are_connected(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        services = Services.open(SERVICES, tmp_path)
        connections = [call(service.port) for service in SERVICES]
        until(lambda: threading.active_count() == 1 + 2 * len(SERVICES), "all to be accepted")
        with call(80) as slow:
            a_request_whose_answer_nobody_reads(slow)
            services.close()
        services.close()
        assert threading.active_count() == 1
        for connection in connections:
            connection.close()

    inside(life)


def test_a_port_that_is_taken_keeps_all_services_from_listening(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with pytest.raises(OSError, match="in use"):
            Services.open([*SERVICES, Service(node="server", port=443)], tmp_path)
        assert threading.active_count() == 1
        assert nodes.run("server", "ss", "-Hltn").stdout == ""
        # The same port elsewhere is another one.
        with Services.open([*SERVICES, Service(node="client", port=443)], tmp_path):
            assert "*:443 " in nodes.run("client", "ss", "-Hltn").stdout

    inside(life)


def test_a_name_that_no_certificate_can_hold_is_told(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with pytest.raises(ProgramError, match="openssl"):
            Services.open([Service(node="server", port=443, speaks="tls", names=["a.example,b"])], tmp_path)
        assert not list(tmp_path.iterdir())

    inside(life)


def test_without_ipv6_a_service_listens_for_ipv4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_ipv6", False)  # the kernel was built without it

    def life() -> None:
        connect()
        with Services.open(SERVICES[:1], tmp_path):
            assert "0.0.0.0:80 " in nodes.run("server", "ss", "-Hltn").stdout
            (outcome,) = pay([visit("ask")], tmp_path)
            assert outcome.done

    inside(life)


def test_a_busy_service_takes_so_many_connections_and_no_more(tmp_path: Path) -> None:
    services = [Service(node="server", port=80, speaks="busy", serves=2)]

    def life() -> None:
        connect()
        with Services.open(services, tmp_path):
            first = pay([visit("ask"), visit(step=2)], tmp_path)
            later = pay([visit("ask", count=3, patience_s=0.3)], tmp_path)
            assert [one.ended for one in first] == ["done"] * 2
            assert [(one.ended, one.connected) for one in later] == [("timed out", True)] * 3

    inside(life)
