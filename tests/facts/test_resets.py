from typing import Any

from msgspec.structs import replace

from bothways.facts.resets import Moment, Sender, reset_moment, reset_sender
from bothways.facts.subject import Neighbour
from bothways.unknown import Unknown
from tests.helpers.network import SERVER, Network, half_open, worked
from tests.helpers.surroundings import evidence, paths, reply

FAR = 30.0


def reset_after_syn(network: Network, ms: float, *, start: float = 0, **more: Any) -> None:
    talk = network.talk(start=start)
    talk.there(0, "S", lost="client")
    talk.back(ms - 6, "RA", seq=0, ack=1, **more)


def test_a_reset_answers_the_syn_the_ack_the_data_or_comes_later() -> None:
    answers = []
    for stage in range(4):
        network = Network("client")
        talk = network.talk()
        talk.there(0, "S")
        if stage:
            talk.back(20, "SA")
            talk.there(40, "A")
        if stage > 1:
            talk.there(41, "PA", 100)
        if stage > 2:
            talk.back(62, "PA", 100)
            talk.there(90, "PA", 50)
        talk.back(120, "R" if stage else "RA")
        answers.append(reset_moment(network.subject()).answer)
    assert answers == [Moment.AFTER_SYN, Moment.AFTER_ACK, Moment.AFTER_DATA, Moment.LATER]


def test_without_a_reset_none_came_where_the_way_back_is_in_view() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert reset_moment(network.subject()).answer is Moment.NONE
    sender = reset_sender(network.subject()).answer
    assert isinstance(sender, Unknown)
    assert sender.moot


def test_where_nothing_came_back_the_question_does_not_arise() -> None:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S", lost="client")
    answer = reset_moment(network.subject()).answer
    assert isinstance(answer, Unknown)
    assert answer.moot
    assert isinstance(reset_moment(Network("client").subject()).answer, Unknown)
    assert isinstance(reset_sender(Network("client").subject()).answer, Unknown)


def test_a_reset_that_left_the_servers_interface_is_the_servers() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "R")
    fact = reset_sender(network.subject())
    assert fact.answer is Sender.SERVER
    assert fact.vantage == "server"


def test_a_reset_that_the_servers_capture_does_not_show_is_not_the_servers() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.back(44, "R", unseen=["server"])
    network.idle(1000)
    fact = reset_sender(network.subject())
    assert fact.answer is Sender.NOT_SERVER
    assert fact.sure


def test_a_server_capture_that_knows_nothing_of_these_hosts_is_no_witness() -> None:
    network = Network("client", "server")
    reset_after_syn(network, 10, unseen=["server"])
    network.idle(9000)
    assert isinstance(reset_sender(network.subject()).answer, Unknown)


def test_a_reset_that_is_faster_than_the_server_can_be_is_not_the_servers() -> None:
    network = Network("client")
    worked(network.talk())
    reset_after_syn(network, 6.1, start=9000)
    fact = reset_sender(network.subject())
    assert fact.answer is Sender.NOT_SERVER
    assert "26 ms away" in fact.says


def test_a_reset_that_took_about_as_long_may_be_the_servers() -> None:
    network = Network("client")
    worked(network.talk())
    reset_after_syn(network, FAR, start=9000)
    assert isinstance(reset_sender(network.subject()).answer, Unknown)


def test_a_round_trip_to_the_same_address_on_another_port_is_a_measure() -> None:
    network = Network("client")
    other = network.talk(server=SERVER._replace(port=80))
    worked(other)
    reset_after_syn(network, 6.1, start=9000)
    beside = tuple(item for item in network.exchanges() if item.server.port == 80)
    neighbour = Neighbour(server=SERVER._replace(port=80), name="", exchanges=beside)
    assert reset_sender(network.subject(neighbours=(neighbour,))).answer is Sender.NOT_SERVER


def test_a_trace_that_reaches_the_server_is_a_measure() -> None:
    network = Network("client")
    reset_after_syn(network, 6.1)
    far = evidence("10.0.0.254 192.0.2.2", destination="192.0.2.2")
    last = replace(far.report.hops[1], replies=(reply("192.0.2.2", 40.0),))
    far = replace(far, report=replace(far.report, hops=(far.report.hops[0], last)))
    assert reset_sender(network.subject(paths=paths(far))).answer is Sender.NOT_SERVER


def test_a_nearer_ttl_proves_nothing() -> None:
    network = Network("client")
    reset_after_syn(network, FAR, ttl=255)
    assert isinstance(reset_sender(network.subject()).answer, Unknown)


def test_a_capture_that_began_later_does_not_show_what_the_reset_answered() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "PA", 100, seq=5000)
    talk.back(20, "R", seq=7000)
    network.idle(9000)
    assert isinstance(reset_moment(network.subject()).answer, Unknown)


def test_a_reset_that_a_server_sent_by_itself_may_come_right_after_the_clients_data() -> None:
    network = Network("client")
    worked(network.talk())
    talk = network.talk(start=1000)
    talk.handshake()
    talk.there(600, "PA", 100)
    talk.back(601 - 6, "R", seq=1)
    assert isinstance(reset_sender(network.subject()).answer, Unknown)


def test_a_capture_without_the_servers_packets_does_not_show_that_it_sent_no_reset() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1, unseen=["server"])
    network.idle(9000)
    assert isinstance(reset_sender(network.subject()).answer, Unknown)


# --- what a reset can answer, and what a capture missed ---


def test_a_reset_that_cannot_answer_the_syn_answers_something_out_of_view() -> None:
    network = Network("firewall-inside")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["firewall-inside"])
    talk.there(40, "A", unseen=["firewall-inside"])
    talk.back(41, "R", seq=1)
    answer = reset_moment(network.subject()).answer
    assert isinstance(answer, Unknown)
    assert not answer.moot


def test_what_another_observer_saw_ahead_of_the_reset_was_sent_before_it_came() -> None:
    network = Network("client", "firewall-inside")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, unseen=["client"])
    talk.back(62, "R", seq=1)
    fact = reset_moment(network.subject())
    assert fact.answer is Moment.AFTER_DATA
    assert fact.vantage == "client"


def test_an_observer_whom_the_reset_did_not_pass_does_not_tell_what_came_first() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.back(44, "R", unseen=["server"])
    talk.there(45, "PA", 100, unseen=["client"])
    assert reset_moment(network.subject()).answer is Moment.AFTER_ACK


def test_of_one_connection_a_capture_may_have_missed_the_data_that_was_reset() -> None:
    for connections in (1, 2):
        network = Network("client")
        for number in range(connections):
            talk = network.talk(start=1000 * number)
            talk.handshake()
            talk.back(62, "R", seq=1)
        fact = reset_moment(network.subject())
        assert fact.answer is Moment.AFTER_ACK
        assert fact.sure is (connections > 1)
