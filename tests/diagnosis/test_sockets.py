"""Hosts' own words without any capture: what fails, what it can be, and what it cannot."""

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.diagnosis.sockets import stuck_targets
from bothways.verdict.standing import Standing
from tests.helpers.hosts import case, counters, half_open, listening, sockets, stalled, unanswered
from tests.helpers.network import SERVER

OVERFLOWS = "TcpExtListenOverflows"


def standing(diagnosis: Diagnosis) -> dict[str, Standing]:
    return {item.theory: item.standing for item in diagnosis.targets[0].judged}


@pytest.mark.parametrize("row", [unanswered(), half_open(), stalled()])
def test_a_stuck_socket_makes_a_target(row: str) -> None:
    (key,) = stuck_targets([sockets(row)], [])
    assert (key.server, key.network, key.name) == (SERVER, "10.0.0.0/24", "")


@pytest.mark.parametrize(
    "row", [unanswered(1), half_open(0), "ESTAB 59 0 192.0.2.2:443 10.0.0.1:41000", listening(8, 7)]
)
def test_what_is_not_known_to_wait_in_vain_is_undetermined(row: str) -> None:
    diagnosis = diagnose(case(sockets=(sockets(row, vantage="server"),)))
    assert diagnosis.verdict.ruling is Ruling.UNDETERMINED
    assert diagnosis.notes


def test_an_overflowing_queue_is_found_from_the_server_alone() -> None:
    lists = (sockets(half_open(), vantage="server"), sockets(listening(8, 7), vantage="server"))
    diagnosis = diagnose(case(sockets=lists, counters=(counters({OVERFLOWS: 44}),)))
    assert diagnosis.verdict.ruling is Ruling.OPEN
    assert diagnosis.verdict.possible[0] == "accept-queue-overflow"
    assert standing(diagnosis)["destination-blocked"] is Standing.ELIMINATED


def test_with_cookies_the_queue_alone_tells() -> None:
    used = "ESTAB 59 0 192.0.2.2:443 10.0.0.1:41000"
    lists = (sockets(listening(8, 7), used, vantage="server"),)
    diagnosis = diagnose(case(sockets=lists, counters=(counters({OVERFLOWS: 32, "TcpExtSyncookiesSent": 29}),)))
    assert diagnosis.verdict.ruling is Ruling.OPEN
    assert diagnosis.verdict.possible[0] == "accept-queue-overflow"


def lost_acks(*, command: str = "nstat -az") -> Diagnosis:
    lists = (
        sockets(half_open(), vantage="server"),
        sockets(listening(0, 128), vantage="server"),
    )
    counts = counters({OVERFLOWS: 0, "TcpExtTCPSynRetrans": 12}, command=command)
    return diagnose(case(sockets=lists, counters=(counts,)))


def test_acks_that_are_lost_leave_an_empty_queue_and_no_overflow() -> None:
    diagnosis = lost_acks()
    assert diagnosis.verdict.ruling is Ruling.OPEN
    assert "destination-unreachable" not in diagnosis.verdict.possible
    expected = {"asymmetric-bypass", "established-outbound-drop", "client-gone-or-spoofed", "unexplained"}
    assert expected <= set(diagnosis.verdict.possible)
    assert standing(diagnosis)["accept-queue-overflow"] is Standing.ELIMINATED


def test_counts_since_nobody_knows_when_eliminate_nothing() -> None:
    assert standing(lost_acks(command="nstat -z"))["accept-queue-overflow"] is Standing.POSSIBLE


def test_a_clients_established_socket_completes_no_handshake() -> None:
    diagnosis = diagnose(case(sockets=(sockets(stalled(), vantage="client"),)))
    assert diagnosis.verdict.ruling is Ruling.OPEN
    assert {"asymmetric-bypass", "accept-queue-overflow", "sni-filtered"} <= set(diagnosis.verdict.possible)
    assert standing(diagnosis)["destination-blocked"] is Standing.ELIMINATED
    assert standing(diagnosis)["application-silent"] is Standing.ELIMINATED


def test_a_syn_without_an_answer_leaves_what_stops_syns() -> None:
    diagnosis = diagnose(case(sockets=(sockets(unanswered(), vantage="client"),)))
    assert diagnosis.verdict.possible[0] == "destination-blocked"
    assert standing(diagnosis)["asymmetric-bypass"] is Standing.ELIMINATED
