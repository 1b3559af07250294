import pytest

from bothways.evidence.attempt import Outcome as Told
from bothways.facts.acceptance import (
    Acked,
    Repeats,
    Took,
    client_data_acked,
    server_took_ack,
    syn_ack_repeats,
    took,
)
from bothways.unknown import Unknown
from tests.helpers import hosts
from tests.helpers.network import RTO, Network, Talk, half_open, worked
from tests.helpers.surroundings import attempt, log


def one(*vantages: str) -> tuple[Network, Talk]:
    network = Network(*(vantages or ("client",)))
    return network, network.talk()


# --- did the server take the ACK? ---


def test_two_repeats_each_answered_mean_that_no_ack_completed_it() -> None:
    network, talk = one()
    half_open(talk, last="client")
    fact = server_took_ack(network.subject())
    assert fact.answer is Took.NOT_TAKEN
    assert fact.sure
    assert "3 times" in fact.says
    assert fact.cites[0].frame


def test_one_repeated_syn_ack_proves_nothing() -> None:
    network, talk = one()
    talk.handshake()
    talk.back(1020, "SA")
    talk.there(1040, "A")
    network.idle(9000)
    assert isinstance(took(network.exchange()).answer, Unknown)


def test_repeats_that_the_client_left_unanswered_prove_nothing_at_the_client() -> None:
    network, talk = one()
    talk.handshake()
    for ms in (1020, 3020, 7020):
        talk.back(ms, "SA")
    assert isinstance(took(network.exchange()).answer, Unknown)


def test_at_the_server_repeats_speak_without_answers() -> None:
    network, talk = one("server")
    half_open(talk, last="client")
    fact = took(network.exchange())
    assert fact.answer is Took.NOT_TAKEN
    assert fact.sure


def test_repeats_to_a_client_that_repeats_its_syn_are_answers() -> None:
    network, talk = one()
    for ms in (0, 1000, 3000, 7000):
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
    subject = network.subject()
    assert isinstance(server_took_ack(subject).answer, Unknown)
    assert "anew" in getattr(syn_ack_repeats(subject).answer, "why", "")


def test_data_of_the_server_proves_that_it_took_an_ack() -> None:
    network, talk = one()
    worked(talk)
    assert took(network.exchange()).answer is Took.TAKEN


def test_an_acknowledgement_past_the_syn_ack_proves_it() -> None:
    network, talk = one()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    assert took(network.exchange()).answer is Took.TAKEN


def test_an_ack_of_the_server_that_repeats_its_syn_acks_number_proves_nothing() -> None:
    network, talk = one()
    talk.handshake()
    talk.back(62, "A", ack=1)
    assert isinstance(took(network.exchange()).answer, Unknown)


def test_a_tap_of_the_way_there_sees_the_client_acknowledge_data() -> None:
    network, talk = one("tap")
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["tap"])
    talk.there(40, "A")
    assert isinstance(took(network.exchange()).answer, Unknown)
    talk.there(90, "A", ack=301)
    assert took(network.exchange()).answer is Took.TAKEN


def test_a_reset_says_nothing_of_it() -> None:
    network, talk = one()
    talk.handshake()
    talk.back(62, "RA", ack=500)
    assert isinstance(server_took_ack(network.subject()).answer, Unknown)


def test_a_program_that_got_an_answer_was_taken() -> None:
    subject = Network("client").subject(attempts=(log(attempt(Told.STALLED, tls_answered=True)),))
    assert server_took_ack(subject).answer is Took.TAKEN
    assert client_data_acked(subject).answer is Acked.YES
    silent = Network("client").subject(attempts=(log(attempt(Told.STALLED)),))
    assert isinstance(server_took_ack(silent).answer, Unknown)
    assert isinstance(client_data_acked(silent).answer, Unknown)


# --- repeats ---


def test_repeats_are_counted() -> None:
    network, talk = one()
    half_open(talk, last="client")
    assert syn_ack_repeats(network.subject()).answer is Repeats.SEVERAL


def test_one_repeat_is_one() -> None:
    network, talk = one()
    talk.handshake()
    talk.back(1020, "SA")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    assert syn_ack_repeats(network.subject()).answer is Repeats.ONE


def test_no_repeat_is_an_absence_only_if_the_capture_ran_on() -> None:
    network, talk = one()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "R")
    assert "ends within" in getattr(syn_ack_repeats(network.subject()).answer, "why", "")
    network.idle(5000)
    assert syn_ack_repeats(network.subject()).answer is Repeats.NONE


def test_where_no_syn_ack_is_in_view_nothing_is_said() -> None:
    network, talk = one()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    assert isinstance(syn_ack_repeats(network.subject()).answer, Unknown)
    assert isinstance(syn_ack_repeats(Network("client").subject()).answer, Unknown)


# --- data ---


def test_data_sent_again_and_again_was_not_acknowledged() -> None:
    network, talk = one()
    half_open(talk, last="client")
    fact = client_data_acked(network.subject())
    assert fact.answer is Acked.NO
    assert "6 times over 6.6 s" in fact.says


def test_the_first_data_in_view_need_not_be_the_first() -> None:
    network = Network("client")
    talk = network.talk()
    talk.back(0, "A", seq=5000, ack=3000)
    for ms in (100, 400, 900, 2000):
        talk.there(ms, "PA", 60, seq=3000, ack=5000)
    network.idle(9000)
    fact = client_data_acked(network.subject(exemplars=network.exchanges()))
    assert "out of view" in getattr(fact.answer, "why", "")


def test_the_syn_acks_own_number_acknowledges_no_data() -> None:
    network, talk = one()
    half_open(talk, last="client")
    assert client_data_acked(network.subject()).answer is Acked.NO


def test_data_that_was_acknowledged_is_known() -> None:
    network, talk = one()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    network.idle(9000)
    assert client_data_acked(network.subject()).answer is Acked.YES


def test_two_sendings_are_too_few_to_miss_an_acknowledgement() -> None:
    network, talk = one()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.there(250, "PA", 100, seq=1, lost="client")
    network.idle(9000)
    assert "too little" in getattr(client_data_acked(network.subject()).answer, "why", "")


def test_a_client_that_sent_no_data_leaves_it_unknown() -> None:
    network, talk = one()
    half_open(talk, last="client", size=0)
    assert "no data" in getattr(client_data_acked(network.subject()).answer, "why", "")


def test_an_acknowledgement_that_was_lost_on_the_way_back_was_given_all_the_same() -> None:
    network, talk = one("client", "server")
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1)
        talk.back(ms + 10, "A", lost="server")
    assert client_data_acked(network.subject()).answer is Acked.YES


def test_a_client_that_acknowledges_data_out_of_view_proves_that_the_server_took_its_ack() -> None:
    network, talk = one()
    talk.handshake()
    talk.back(62, "PA", 100, unseen=["client"])
    talk.there(82, "A")
    fact = took(network.exchange())
    assert fact.answer is Took.TAKEN
    assert "not in view" in fact.says


def test_data_that_one_saw_and_an_acknowledgement_that_another_saw_go_together() -> None:
    network, talk = one("client", "server")
    talk.handshake()
    for ms in RTO[:3]:
        talk.there(ms, "PA", 100, seq=1, unseen=["server"])
    talk.back(700, "A", ack=101, unseen=["client"])
    fact = client_data_acked(network.subject(exemplars=network.exchanges()))
    assert fact.answer is Acked.YES
    assert [cite.file for cite in fact.cites] == ["client.pcap", "server.pcap"]


# --- what hosts' own sockets tell ---


@pytest.mark.parametrize(
    ("row", "vantage", "answer"),
    [
        (hosts.half_open(2), "server", Took.NOT_TAKEN),
        (hosts.half_open(1), "server", None),
        (hosts.stalled(hosts.THERE), "server", Took.TAKEN),
        (hosts.stalled(acked=60), "client", Took.TAKEN),
        (hosts.stalled(acked=1), "client", None),
    ],
)
def test_without_captures_the_hosts_own_sockets_tell(row: str, vantage: str, answer: Took | None) -> None:
    fact = server_took_ack(hosts.untold(sockets=(hosts.sockets(row, vantage=vantage),)))
    assert (fact.answer if fact.known else None) is answer


@pytest.mark.parametrize(("acked", "answer"), [(1, Acked.NO), (0, Acked.NO), (2, Acked.YES)])
def test_a_clients_kernel_knows_what_was_acknowledged_beyond_its_syn(acked: int, answer: Acked) -> None:
    fact = client_data_acked(hosts.untold(sockets=(hosts.sockets(hosts.stalled(acked=acked), vantage="client"),)))
    assert (fact.answer, fact.vantage) == (answer, "client")
    assert [(cite.file, cite.line) for cite in fact.cites] == [("client.ss.txt", 1)]


def test_what_was_acknowledged_after_a_fin_may_be_the_fin() -> None:
    row = hosts.stalled(acked=2).replace("ESTAB", "FIN-WAIT-1")
    assert not client_data_acked(hosts.untold(sockets=(hosts.sockets(row, vantage="client"),))).known


def test_what_no_capture_shows_of_the_same_connection_its_clients_socket_does() -> None:
    network = Network("server")
    half_open(network.talk(), last="firewall-inside")
    assert not client_data_acked(network.subject()).known
    listed = hosts.sockets(hosts.stalled(), vantage="client")
    assert client_data_acked(network.subject(sockets=(listed,))).answer is Acked.NO
    other = hosts.sockets(hosts.stalled("10.0.0.1:41000 192.0.2.2:443"), vantage="client")
    assert not client_data_acked(network.subject(sockets=(other,))).known
