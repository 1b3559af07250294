"""Targets of which only a log, a state table or the user tells, and what belongs to one target alone."""

from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Answer, TargetDiagnosis
from bothways.diagnosis.roles import Roles, Wanted
from bothways.diagnosis.sessions import AT_ONCE, BURST, waiting_targets
from bothways.evidence.attempt import Attempt, Outcome
from bothways.evidence.case import Case, PathEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.units import MILLISECOND
from tests.helpers.network import CLIENT, SERVER, Network, half_open
from tests.helpers.repository import TOP
from tests.helpers.surroundings import attempt, log, session, sessions, there

OTHER = Endpoint("192.0.2.99", 443)


def told(*attempts: Attempt, paths: tuple[PathEvidence, ...] = ()) -> TargetDiagnosis:
    (target,) = diagnose(Case(files=(), attempts=(log(*attempts),), paths=paths)).targets
    return target


def test_the_answer_is_that_of_the_first_try_that_failed() -> None:
    assert told(attempt(Outcome.ANSWERED), attempt(Outcome.REFUSED)).verdict.answer is Answer.RESET


def test_tries_that_were_answered_are_not_counted_as_failed() -> None:
    target = told(attempt(Outcome.ANSWERED), attempt(Outcome.REFUSED), attempt(Outcome.REFUSED))
    assert (target.seen, target.failed) == (3, 2)


def test_the_end_of_a_trace_is_where_a_syn_that_a_program_waited_for_in_vain_was_lost() -> None:
    where = told(attempt(Outcome.NO_CONNECTION), paths=(there("gw=10.0.0.254 isp=10.0.3.1 ?"),)).verdict.where
    assert where is not None
    assert (where.last_seen, where.first_missing) == ("isp", "hop 3")


@pytest.mark.parametrize("outcome", [Outcome.STALLED, Outcome.RESET, Outcome.REFUSED])
def test_the_end_of_a_trace_says_nothing_of_a_connection_whose_syn_was_answered(outcome: Outcome) -> None:
    assert told(attempt(outcome), paths=(there("gw=10.0.0.254 isp=10.0.3.1 ?"),)).verdict.where is None


def test_the_users_word_makes_a_target_of_what_would_be_a_logs_control() -> None:
    tried = log(attempt(Outcome.STALLED), attempt(Outcome.STALLED, address=OTHER.address))
    network = Network("client")
    half_open(network.talk(), last="client")
    for case in (Case(files=(), attempts=(tried,)), network.case(attempts=(tried,))):
        assert [
            target.server
            for target in diagnose(case, Roles(targets=(Wanted(host=OTHER.address, port=OTHER.port),))).targets
        ] == [OTHER]


def test_a_path_report_to_one_target_says_nothing_of_another() -> None:
    network = Network("client")
    for number, server in enumerate((SERVER, OTHER)):
        talk = network.talk(server=server, start=number * 50)
        for ms in (0, 1000, 3000):
            talk.there(ms, "S")
    network.idle(9000)
    ends = there("gw=10.0.0.254 isp=10.0.3.1 ?", destination_address=OTHER.address)
    by_server = {target.server: target for target in network.diagnose(paths=(ends,)).targets}
    traces = {
        server: next(fact for fact in target.facts if fact.kind.id == "trace-there")
        for server, target in by_server.items()
    }
    assert traces[OTHER].known
    assert not traces[SERVER].known
    assert by_server[OTHER].verdict.where is not None
    assert by_server[SERVER].verdict.where is None


def test_a_burst_is_one_wherever_the_clock_stands() -> None:
    span = AT_ONCE // MILLISECOND
    later = session("ESTABLISHED", ms=9000, server=OTHER, unreplied=False)
    for start in range(0, span, 10):
        crowd = [
            session(ms=start + number * span / (BURST - 1), client=Endpoint(CLIENT.address, 50_000 + number))
            for number in range(BURST)
        ]
        assert waiting_targets([sessions(*crowd, later)]) == []
        assert len(waiting_targets([sessions(*crowd[1:], later)])) == 1


def test_a_connection_beside_a_burst_remains() -> None:
    crowd = [session(ms=number, client=Endpoint(CLIENT.address, 50_000 + number)) for number in range(BURST)]
    later = session("ESTABLISHED", ms=9000, server=OTHER, unreplied=False)
    (key,) = waiting_targets([sessions(*crowd, session(ms=2000), later)])
    assert key.server == SERVER


def test_the_order_in_which_files_are_named_decides_nothing() -> None:
    files = [str(file) for file in sorted(Path(TOP, "examples", "campus").iterdir()) if file.suffix != ".md"]
    said = word([], [])
    assert diagnose(gather(files, said=said)).targets == diagnose(gather(files[::-1], said=said)).targets
