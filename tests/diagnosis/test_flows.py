"""A monitor's log by itself, two of them, and one beside a capture."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.connections.outcome import Outcome
from bothways.connections.window import Window
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.flows import left_aside, logged_targets, signatures, times
from bothways.diagnosis.model import Answer, Diagnosis, Ruling
from bothways.diagnosis.roles import Roles, Wanted
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.flow import Ending, Flow, FlowLog
from bothways.units import Instant
from tests.helpers.flows import BEGIN, SECOND, done, flow, flow_log, refused
from tests.helpers.network import CLIENT, SERVER, Network, half_open, worked

ELSEWHERE = Endpoint("192.0.2.77", 443)


def diagnosed(*logs: FlowLog, **more: Any) -> Diagnosis:
    return diagnose(Case(files=(), flows=logs), Roles(**more))


def test_a_log_alone_gives_targets_with_their_failures_counted_and_a_capture_to_ask_for() -> None:
    censored = flow(50, packets=(1, 0), lasted=None)
    diagnosis = diagnosed(flow_log(flow(0), flow(10), done(20), censored, done(30, server=ELSEWHERE)))
    first, second = diagnosis.targets
    assert (first.server, first.verdict.ruling, first.verdict.answer) == (SERVER, Ruling.OPEN, Answer.SILENT)
    assert (first.seen, first.failed, first.censored, first.client) == (4, 2, 1, "10.0.0.0/24")
    assert (first.first_seen, first.last_seen) == (BEGIN, BEGIN + 50 * SECOND)
    assert {item.outcome: item.connections for item in first.signatures} == {
        "unanswered": 2,
        "worked": 1,
        "censored": 1,
    }
    assert first.signatures[0].example == "conn.log line 8"
    assert any("tcpdump" in ask.command for ask in first.next)
    assert (second.server, second.verdict.ruling) == (ELSEWHERE, Ruling.HEALTHY)


def test_a_refusal_is_answered_by_a_reset() -> None:
    (target,) = diagnosed(flow_log(refused())).targets
    assert (target.verdict.ruling, target.verdict.answer) == (Ruling.OPEN, Answer.RESET)
    assert target.verdict.where is None


def test_every_fact_of_a_log_cites_its_line_and_contradicts_nothing_physically() -> None:
    (target,) = diagnosed(flow_log(flow())).targets
    known = [fact for fact in target.facts if fact.known]
    assert {str(cite) for fact in known for cite in fact.cites} == {"conn.log line 8"}
    assert not any(str(item.standing) == "eliminated" for item in target.judged)


def test_what_proves_nothing_keeps_a_target_from_being_healthy() -> None:
    aborted = flow(5, ending=Ending.RESET_BY_CLIENT, history="ShADadR", payload=(77, 295))
    (target,) = diagnosed(flow_log(done(0), aborted)).targets
    assert target.verdict.ruling is Ruling.UNDETERMINED
    (target,) = diagnosed(flow_log(*(done(number) for number in range(10)), aborted)).targets
    assert target.verdict.ruling is Ruling.HEALTHY


def test_what_two_monitors_saw_counts_once_and_who_saw_more_is_believed() -> None:
    blind = flow(0, ending=Ending.PARTIAL, history="SAD", complete=False)
    (target,) = diagnosed(
        flow_log(blind, flow(60), file="a.log"), flow_log(done(0.5, client=blind.client), file="b.log")
    ).targets
    assert (target.seen, target.failed, target.censored) == (2, 1, 0)


def test_ports_that_are_used_again_are_other_connections() -> None:
    ends = Endpoint(CLIENT.address, 40_000)
    first, second, third = (flow(at, client=ends) for at in (0, 60, 120))
    (target,) = diagnosed(flow_log(first, second), flow_log(third, file="b.log")).targets
    assert target.seen == 3


def failing() -> Network:
    network = Network("client")
    half_open(network.talk(), last="client")
    return network


@pytest.mark.parametrize(
    "network", [failing(), Network("client")], ids=["a capture that fails", "a capture of nothing"]
)
def test_beside_a_capture_a_log_changes_nothing_that_is_judged(network: Network) -> None:
    if not network.frames["client"]:
        worked(network.talk())
    log = flow_log(flow(), flow(10, server=ELSEWHERE))
    without, beside = network.diagnose(), network.diagnose(flows=(log,))
    assert beside.targets == without.targets
    assert [note for note in beside.notes if "conn.log" in note] == list(left_aside([log]))
    assert "2 TCP connections, of which 2 failed" in left_aside([log])[0]


def test_a_target_that_the_user_names_is_judged_by_the_log_if_no_capture_knows_it() -> None:
    wanted = Roles(targets=(Wanted(host=ELSEWHERE.address),))
    diagnosis = failing().diagnose(wanted, flows=(flow_log(flow(), flow(10, server=ELSEWHERE)),))
    assert [target.server for target in diagnosis.targets] == [ELSEWHERE]
    named = failing().diagnose(Roles(targets=(Wanted(host=SERVER.address),)), flows=(flow_log(flow(), flow(10)),))
    assert [target.seen for target in named.targets] == [1]


def test_a_window_holds_what_began_in_it() -> None:
    window = Window(since=Instant(BEGIN + 5 * SECOND), until=None)
    ((_, members),) = logged_targets([flow_log(flow(0), flow(10))], window).items()
    assert times(members) == (BEGIN + 10 * SECOND, BEGIN + round(13.05 * SECOND))
    assert times(()) == (None, None)


def test_records_are_counted_by_how_they_went() -> None:
    ((_, members),) = logged_targets(
        [flow_log(refused(0, history="Sr"), flow(10), refused(20, history="SrSr"))], Window()
    ).items()
    assert [(item.outcome, item.history, item.connections) for item in signatures(members)] == [
        (Outcome.REFUSED, "Sr", 2),
        (Outcome.UNANSWERED, "S", 1),
    ]


def records() -> st.SearchStrategy[Flow]:
    return st.builds(
        flow,
        st.integers(0, 400),
        lasted=st.none() | st.floats(0, 30),
        ending=st.sampled_from(Ending),
        history=st.text("SHADFRTshadfrt", max_size=6) | st.sampled_from(["S", "Sr", "ShADadFf", "ShAr"]),
        packets=st.tuples(*[st.none() | st.integers(0, 9)] * 2),
        payload=st.tuples(*[st.none() | st.integers(0, 9)] * 2),
        complete=st.booleans(),
    )


@given(st.lists(records(), min_size=1, max_size=12))
def test_a_log_alone_never_confirms_and_never_calls_a_failure_healthy(flows: list[Flow]) -> None:
    for target in diagnosed(flow_log(*flows)).targets:
        assert target.verdict.ruling is not Ruling.CONFIRMED
        assert (target.verdict.ruling is Ruling.OPEN) == (target.failed > 0)
