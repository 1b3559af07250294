"""Clients that are kept from their work, by the network or by the server."""

from pathlib import Path

import pytest

from bothways.evidence.attempt import Outcome as Told
from bothways.lab.model.traffic import Service
from bothways.lab.traffic.outcomes import Ended
from bothways.lab.traffic.services import Services
from bothways.lab.traffic.visits import Visits
from bothways.lab.world import nodes
from bothways.lab.world.waiting import until
from bothways.states import curl_log
from tests.helpers.world import inside
from tests.lab.traffic.pair import CLIENT, CLIENT6, SERVER, SERVER6, connect, pay, visit

pytestmark = pytest.mark.lab

RULES = """
table inet filter {
    chain input {
        type filter hook input priority filter;
        tcp dport 1001 drop
        tcp dport 1002 tcp flags & (syn | ack) == ack reject with tcp reset
        tcp dport 1003 reject with icmpx host-unreachable
        tcp dport 1004 tcp flags & (syn | ack) == ack drop
    }
}
"""
REFUSED, DROPPED, RESET, UNREACHABLE, DEAF, MUTE = 1000, 1001, 1002, 1003, 1004, 1005
SERVICES = [
    *(Service(node="server", port=port) for port in (DROPPED, RESET, UNREACHABLE, DEAF)),
    Service(node="server", port=MUTE, speaks="mute"),
]
ENDS: dict[int, tuple[Ended, bool, Told]] = {
    REFUSED: ("refused", False, Told.REFUSED),
    DROPPED: ("timed out", False, Told.NO_CONNECTION),
    RESET: ("reset", True, Told.RESET),
    UNREACHABLE: ("unreachable", False, Told.UNREACHABLE),
    DEAF: ("timed out", True, Told.STALLED),
    MUTE: ("timed out", True, Told.STALLED),
}


@pytest.mark.parametrize(("to", "own"), [(SERVER, CLIENT), (SERVER6, CLIENT6)])
def test_every_end_is_called_by_its_name(tmp_path: Path, to: str, own: str) -> None:
    # The first ICMP error may come while connect(2) still holds the socket; what counts is that of the second SYN then.
    patience = {UNREACHABLE: 9.0}
    visits = [
        visit(does, to=to, port=port, patience_s=patience.get(port, 0.7)) for does in ("ask", "get") for port in ENDS
    ]

    def life() -> None:
        connect(to)
        nodes.run("server", "nft", "-f", "-", given=RULES)
        with Services.open(SERVICES, tmp_path):
            outcomes = pay(visits, tmp_path)
        for does in ("ask", "get"):
            ended = {one.visit.port: (one.ended, one.connected) for one in outcomes if one.visit.does == does}
            assert ended == {port: (end, connected) for port, (end, connected, _) in ENDS.items()}
        assert not any(one.closed for one in outcomes)
        assert {one.address for one in outcomes} == {own}
        assert all(one.port for one in outcomes)

    inside(life)
    reading = curl_log.read((tmp_path / "curl.log").read_text(), file="curl.log")
    assert [one.outcome for one in reading.content.attempts] == [told for _, _, told in ENDS.values()]


def test_without_a_route_there_is_no_source_either(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        outcomes = pay([visit(to="203.0.113.9"), visit("ask", to="203.0.113.9")], tmp_path)
        assert [(one.ended, one.address, one.port) for one in outcomes] == [("unreachable", None, None)] * 2

    inside(life)


def test_a_wrong_answer_is_a_failure(tmp_path: Path) -> None:
    services = [
        Service(node="server", port=25, speaks="greeting"),
        Service(node="server", port=7, speaks="echo"),
        Service(node="server", port=80),
    ]
    visits = [visit("ask", port=25), visit("ask", port=7), visit("echo", port=25), visit("silent"), visit(port=25)]

    def life() -> None:
        connect()
        with Services.open(services, tmp_path):
            outcomes = pay(visits, tmp_path)
        assert [one.ended for one in outcomes] == ["failed"] * len(visits)

    inside(life)


def test_a_client_that_left_knows_whether_it_was_reset_meanwhile(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        nodes.run("server", "nft", "-f", "-", given=RULES)
        with Services.open(SERVICES, tmp_path):
            leaving = [visit("leave", port=port, idle_s=0.1, patience_s=0.7) for port in (MUTE, RESET, DEAF)]
            outcomes = pay(leaving, tmp_path)
        assert [(one.ended, one.closed) for one in outcomes] == [("done", True), ("reset", False), ("done", False)]

    inside(life)


def test_who_gives_up_closes(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            impatient = [visit("ask", port=MUTE, count=3, patience_s=0.1)]
            with Visits.start(impatient, logs=tmp_path, work=tmp_path) as visits:
                assert visits.wait(60)
                assert nodes.run("client", "ss", "-Htn", "state", "established").stdout == ""

    inside(life)


def test_a_visit_that_cannot_be_tried_raises(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        for does in ("get", "ask"):
            with Visits.start([visit(does, node="nobody")], logs=tmp_path, work=tmp_path) as visits:
                with pytest.raises(FileNotFoundError, match="nobody"):
                    visits.wait(60)
                with pytest.raises(FileNotFoundError, match="nobody"):
                    visits.hanging()

    inside(life)


def test_who_waits_is_told_while_the_last_step_hangs_and_the_end_interrupts_it(tmp_path: Path) -> None:
    patient = [visit(does, port=MUTE, patience_s=3600, step=2) for does in ("ask", "get", "echo")]
    idle = [visit("leave", port=MUTE, idle_s=3600, step=2), visit("hold", port=MUTE, step=1)]
    steps: list[int] = []

    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            with Visits.start([*patient, *idle], logs=tmp_path, work=tmp_path, on_step=steps.append) as visits:
                assert visits.hanging(before_s=3599.9)
                assert not visits.wait(0)
                table = nodes.run("client", "ss", "-Htn", "state", "established").stdout
                assert table.count(f"{SERVER}:{MUTE}") == 5
            assert visits.wait(0)
            assert [one.ended for one in visits.outcomes()] == ["done", *["unfinished"] * 4]
            assert steps == [1, 2]

    inside(life)
    assert (tmp_path / "curl.log").read_text().endswith("[exit 143]\n\n")
    assert (tmp_path / "connections.log").read_text().count('"unfinished"') == 4


def test_no_step_begins_after_the_end(tmp_path: Path) -> None:
    steps: list[int] = []
    scene = [visit("ask", port=MUTE, patience_s=3600), visit("ask", port=REFUSED, step=2)]

    def life() -> None:
        connect()
        with Services.open(SERVICES, tmp_path):
            with Visits.start(scene, logs=tmp_path, work=tmp_path, on_step=steps.append) as visits:
                until(lambda: steps, "the first step to begin")
            assert steps == [1]
            assert [one.ended for one in visits.outcomes()] == ["unfinished"]
            assert not visits.hanging()

    inside(life)


def test_nobody_hangs_when_all_are_done(tmp_path: Path) -> None:
    def life() -> None:
        connect()
        for visits in ([], [visit("ask", port=REFUSED)]):
            with Visits.start(visits, logs=tmp_path, work=tmp_path) as paid:
                assert not paid.hanging(before_s=0.1)

    inside(life)
