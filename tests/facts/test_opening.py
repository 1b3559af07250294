import pytest

from bothways.connections.flow_outcome import LoggedFlow
from bothways.connections.outcome import Outcome
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.flow import Ending, Flow
from bothways.facts.opening import Answer, answer_to_syn
from bothways.unknown import Unknown
from tests.helpers import hosts
from tests.helpers.flows import flow, refused
from tests.helpers.network import RTO, Network, half_open
from tests.helpers.surroundings import attempt, log


def unanswered(network: Network) -> None:
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S", lost="client")


def test_a_syn_ack_that_the_client_acknowledges_arrived() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert answer_to_syn(network.subject()).answer is Answer.SYN_ACK


def test_whoever_sees_the_clients_ack_knows_that_the_syn_ack_arrived() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["tap"])
    talk.there(40, "A")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
    fact = answer_to_syn(network.subject())
    assert fact.answer is Answer.SYN_ACK
    assert "elsewhere" in fact.says


def test_a_client_that_repeats_its_syn_after_a_syn_ack_ignores_it() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    assert answer_to_syn(network.subject()).answer is Answer.IGNORED


def test_the_same_at_the_server_may_be_a_lost_syn_ack() -> None:
    network = Network("server")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    assert answer_to_syn(network.subject()).answer is Answer.NOTHING


def test_a_client_that_repeats_its_syn_got_nothing_whoever_sees_it() -> None:
    network = Network("client")
    unanswered(network)
    fact = answer_to_syn(network.subject())
    assert fact.answer is Answer.NOTHING
    assert "4 times" in fact.says


def test_a_challenge_ack_is_no_syn_ack() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
        talk.back(ms + 20, "A", seq=5000, ack=70_000)
    assert answer_to_syn(network.subject()).answer is Answer.NOTHING


def test_a_reset_answers_the_syn() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)
    assert answer_to_syn(network.subject()).answer is Answer.RESET


@pytest.mark.parametrize(
    ("code", "answer"),
    [(13, Answer.PROHIBITED), (3, Answer.PROHIBITED), (1, Answer.UNREACHABLE), (0, Answer.UNREACHABLE)],
)
def test_icmp_errors_are_told_apart(code: int, answer: Answer) -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S", lost="client")
    talk.error(5, code=code)
    fact = answer_to_syn(network.subject())
    assert fact.answer is answer
    assert "10.0.9.9" in fact.says


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (Told.NO_CONNECTION, Answer.NOTHING),
        (Told.REFUSED, Answer.RESET),
        (Told.STALLED, Answer.SYN_ACK),
        (Told.RESET, Answer.SYN_ACK),
        (Told.CLOSED, Answer.SYN_ACK),
    ],
)
def test_a_programs_log_tells_where_no_capture_does(told: Told, answer: Answer) -> None:
    fact = answer_to_syn(Network("client").subject(attempts=(log(attempt(told)),)))
    assert fact.answer is answer
    assert fact.cites[0].line == 6


def test_no_route_to_host_may_be_either_error() -> None:
    fact = answer_to_syn(Network("client").subject(attempts=(log(attempt(Told.UNREACHABLE)),)))
    assert isinstance(fact.answer, Unknown)


def test_without_capture_and_log_nothing_is_known() -> None:
    assert isinstance(answer_to_syn(Network("client").subject()).answer, Unknown)


def test_a_capture_of_server_packets_alone_does_not_show_what_arrived() -> None:
    network = Network("tap")
    talk = network.talk()
    talk.there(0, "S", unseen=["tap"])
    for ms in (20, 1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, ack=1)
    assert isinstance(answer_to_syn(network.subject()).answer, Unknown)


def test_a_syn_ack_at_the_client_has_arrived_before_anybody_acknowledges_it() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.back(60, "R")
    assert answer_to_syn(network.subject()).answer is Answer.SYN_ACK


def test_a_reset_that_acknowledges_no_syn_does_not_answer_one() -> None:
    network = Network("firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["firewall-inside"])
    talk.there(40, "A", unseen=["firewall-inside"])
    talk.back(41, "R", seq=1)
    assert isinstance(answer_to_syn(network.subject()).answer, Unknown)


def test_of_two_resets_the_one_that_can_answers_the_syn() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(10, "R", seq=1)
    talk.back(20, "RA", seq=0, ack=1)
    fact = answer_to_syn(network.subject())
    assert fact.answer is Answer.RESET
    assert [cite.frame for cite in fact.cites] == [3]


@pytest.mark.parametrize(
    ("row", "answer"),
    [(hosts.unanswered(), Answer.NOTHING), (hosts.stalled(), Answer.SYN_ACK), (hosts.unanswered(2), None)],
)
def test_without_captures_the_clients_own_socket_tells(row: str, answer: Answer | None) -> None:
    fact = answer_to_syn(hosts.untold(sockets=(hosts.sockets(row, vantage="client"),)))
    assert (fact.answer if fact.known else None) is answer


def test_the_servers_socket_does_not_know_what_reached_the_client() -> None:
    listed = hosts.sockets(hosts.half_open(), vantage="server")
    assert not answer_to_syn(hosts.untold(sockets=(listed,))).known


@pytest.mark.parametrize(
    ("record", "outcome", "answer"),
    [
        (flow(), Outcome.UNANSWERED, Answer.NOTHING),
        (refused(), Outcome.REFUSED, Answer.RESET),
        (flow(ending=Ending.RESET_BY_SERVER, history="ShADar"), Outcome.RESET, Answer.SYN_ACK),
    ],
)
def test_a_record_tells_it_where_nothing_else_does_and_is_never_sure(
    record: Flow, outcome: Outcome, answer: Answer
) -> None:
    logged = LoggedFlow(file="conn.log", flow=record, outcome=outcome)
    subject = Network("client").subject(flows=(logged,), flow_exemplars=(logged,))
    fact = answer_to_syn(subject)
    assert (fact.answer, fact.sure, str(fact.cites[0])) == (answer, False, "conn.log line 8")
    log_too = Network("client").subject(flow_exemplars=(logged,), attempts=(log(attempt(Told.REFUSED)),))
    assert answer_to_syn(log_too).answer is Answer.RESET


def test_a_record_of_a_reset_that_nobody_acknowledged_leaves_it_open() -> None:
    record = flow(ending=Ending.RESET_BY_SERVER, history="Shr")
    logged = LoggedFlow(file="conn.log", flow=record, outcome=Outcome.RESET)
    assert not answer_to_syn(Network("client").subject(flow_exemplars=(logged,))).known


def test_a_syn_ack_without_a_syn_in_view_may_answer_somebody_else() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S", unseen=["client"])
    for ms in (20, 1020, 3020, 7020):
        talk.back(ms, "SA")
    fact = answer_to_syn(network.subject())
    assert fact.answer is Answer.SYN_ACK
    assert not fact.sure
