"""Services and clients in a network that has no fault."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bothways.evidence.attempt import Outcome as Told
from bothways.lab.model.traffic import Service
from bothways.lab.traffic.services import Services
from bothways.lab.traffic.visits import Visits
from bothways.lab.world import nodes
from bothways.states import curl_log
from tests.helpers.world import inside
from tests.lab.traffic.pair import CLIENT, CLIENT6, SERVER, SERVER6, connect, pay, visit

pytestmark = pytest.mark.lab

SERVICES = [
    Service(node="server", port=80),
    Service(node="server", port=443, speaks="tls", names=["a.example", "b.example", SERVER]),
    Service(node="server", port=25, speaks="greeting"),
    Service(node="server", port=7, speaks="echo"),
    Service(node="server", port=9, speaks="mute"),
]


@pytest.mark.parametrize(("to", "own"), [(SERVER, CLIENT), (SERVER6, CLIENT6)])
def test_every_kind_of_visit_does_its_work(tmp_path: Path, to: str, own: str) -> None:
    visits = [
        visit(to=to, size=0),
        visit(to=to, size=300_000),
        visit(to=to, name="a.example", port=443, tls=True),
        visit(to=to, port=443, tls=True),
        visit("upload", to=to, size=500_000),
        visit("upload", to=to, size=200_000),
        visit("upload", to=to, size=0, name="c.example", port=443, tls=True),
        visit("greeting", to=to, port=25),
        visit("echo", to=to, port=7, idle_s=0.05),
        visit("silent", to=to, port=7, idle_s=0.05),
        visit("leave", to=to, port=9, idle_s=0.05),
        visit("ask", to=to, size=70_000),
        visit("hold", to=to, size=10),
    ]

    def life() -> None:
        connect(to)
        with Services.open(SERVICES, tmp_path):
            outcomes = pay(visits, tmp_path)
        assert [(one.visit, one.ended) for one in outcomes] == [(one, "done") for one in visits]
        assert [one.visit.does for one in outcomes if not one.closed] == ["hold"]
        assert {one.address for one in outcomes} == {own}
        assert len({one.port for one in outcomes} - {None}) == len(visits)
        assert all(one.received >= one.visit.size for one in outcomes if one.visit.does in {"get", "ask"})
        first, second, *_ = (one.sent for one in outcomes if one.visit.does == "upload")
        assert first - second == 300_000
        assert second > 200_000

    inside(life)
    entries = [json.loads(line) for line in (tmp_path / "connections.log").read_text().splitlines()]
    assert [(entry["does"], entry["to"], entry["ended"]) for entry in entries] == [
        (one.does, one.to, "done") for one in visits
    ]
    reading = curl_log.read((tmp_path / "curl.log").read_text(), file="curl.log")
    assert not reading.problems
    assert [(one.address, one.port, one.name, one.outcome) for one in reading.content.attempts] == [
        (one.to, one.port, one.name or one.to, Told.ANSWERED) for one in visits if one.does in {"get", "upload"}
    ]


def test_the_log_of_curl_tells_the_source_port_that_a_capture_shows(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            outcomes = pay([visit(), visit(port=1)], tmp_path)
        ports = re.findall(r"Local port: (\d+)", (tmp_path / "curl.log").read_text())
        assert [str(one.port) for one in outcomes] == ports

    inside(life)


def test_fifty_connections_at_once_are_all_served(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            outcomes = pay([visit("ask", count=50), visit(count=5, port=443, tls=True)], tmp_path)
        assert [one.ended for one in outcomes] == ["done"] * 55
        first_end = min(one.began + one.took for one in outcomes if one.visit.does == "ask")
        assert all(one.began < first_end for one in outcomes if one.visit.does == "ask")

    inside(life)


def test_what_is_held_stays_until_the_end_and_goes_then(tmp_path: Path) -> None:
    def connected() -> int:
        return nodes.run("client", "ss", "-Htn", "state", "established").stdout.count(f"{SERVER}:80")

    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            scene = [visit("hold", count=3), visit("ask", step=2), visit("ask", count=2, port=9, patience_s=0.1)]
            visits = Visits.start(scene, logs=tmp_path, work=tmp_path)
            assert visits.wait(60)
            assert connected() == 3
            visits.close()
            assert connected() == 0
            assert {file.name for file in tmp_path.iterdir()} == {"connections.log"}
            assert len(visits.outcomes()) == 6

    inside(life)


def test_a_step_begins_when_the_one_before_is_done(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            outcomes = pay([visit("ask", step=8), visit(step=1, count=2), visit("echo", step=3, port=7)], tmp_path)
        assert [one.visit.step for one in outcomes] == [1, 1, 3, 8]
        assert outcomes[1].began + outcomes[1].took <= outcomes[2].began
        assert outcomes[2].began + outcomes[2].took <= outcomes[3].began

    inside(life)


def test_a_certificate_is_for_all_its_names_and_shown_whatever_name_is_asked_for(tmp_path: Path) -> None:
    def subject_names(context: ssl.SSLContext, name: str) -> Sequence[tuple[str, str]]:
        with (
            nodes.within("client"),
            socket.create_connection((SERVER, 443), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as inner,
        ):
            seen = inner.getpeercert()
            assert seen is not None
            names = seen["subjectAltName"]
            assert isinstance(names, tuple)
            return [(str(kind), str(value)) for kind, value in names]

    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            with nodes.within("client"):
                certificate = ssl.get_server_certificate((SERVER, 443), timeout=10)
            context = ssl.create_default_context(cadata=certificate)
            for name in ("a.example", "b.example", SERVER):
                assert [value for _, value in subject_names(context, name)] == ["a.example", "b.example", SERVER]
            with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
                subject_names(context, "other.example")

    inside(life)


def test_a_deferred_connection_is_not_given_to_the_program_before_data_comes(tmp_path: Path) -> None:
    services = [Service(node="server", port=25 + defer, speaks="greeting", defer_s=defer) for defer in (0, 30)]

    def life() -> None:
        connect()
        with Services.open(services, tmp_path):
            outcomes = pay([visit("greeting", port=port, patience_s=0.5) for port in (25, 55)], tmp_path)
        assert [(one.ended, one.connected) for one in outcomes] == [("done", True), ("timed out", True)]

    inside(life)


def _descriptors() -> set[str]:
    return {descriptor.name for descriptor in Path("/proc/self/fd").iterdir()}


def test_nothing_stays_but_the_logs(tmp_path: Path) -> None:
    work, logs = tmp_path / "work", tmp_path / "logs"
    work.mkdir()
    logs.mkdir()

    def life() -> None:
        connect()
        threads, descriptors = threading.active_count(), _descriptors()
        for _ in range(2):
            with Services.open(SERVICES, work):
                pay([visit(), visit("upload"), visit("ask"), visit("hold", count=3), visit("ask", port=1)], logs)
        assert threading.active_count() == threads
        assert _descriptors() == descriptors
        assert not list(work.iterdir())
        assert {file.name for file in logs.iterdir()} == {"connections.log", "curl.log"}
        assert nodes.run("server", "ss", "-Hltn").stdout == ""

    inside(life)
