from bothways.facts.outstanding import Left, outstanding
from bothways.unknown import Unknown
from tests.helpers import hosts
from tests.helpers.network import RTO, Network, half_open


def test_data_that_was_never_acknowledged_is_the_clients() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert outstanding(network.subject()).answer is Left.CLIENT_DATA


def test_a_stall_there_leaves_the_clients_data() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    assert outstanding(network.subject()).answer is Left.CLIENT_DATA


def test_a_stall_back_leaves_the_servers_data() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    talk.back(80, "PA", 200, seq=1461)
    talk.there(100, "A", ack=1)
    network.idle(9000)
    assert outstanding(network.subject()).answer is Left.SERVER_DATA


def test_a_silence_in_which_nothing_is_missing_leaves_nothing() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    talk.there(8000, "FA")
    talk.back(8020, "A")
    assert outstanding(network.subject()).answer is Left.NOTHING


def test_a_silence_after_which_the_server_said_nothing_more_is_unknown() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    network.idle(9000)
    assert isinstance(outstanding(network.subject()).answer, Unknown)


def test_data_that_was_acknowledged_before_the_reset_is_not_outstanding() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(62, "A")
    talk.back(70, "R")
    fact = outstanding(network.subject())
    assert isinstance(fact.answer, Unknown)
    assert "acknowledged" in fact.answer.why


def test_a_reset_on_the_clients_data_leaves_it() -> None:
    network = Network("client", "tap")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100, lost="client")
    talk.back(44, "R", unseen=["tap"])
    assert outstanding(network.subject()).answer is Left.CLIENT_DATA


def test_where_no_data_was_sent_none_is_outstanding() -> None:
    network = Network("client")
    half_open(network.talk(), last="client", size=0)
    assert isinstance(outstanding(network.subject()).answer, Unknown)
    assert isinstance(outstanding(Network("client").subject()).answer, Unknown)


def test_without_captures_the_clients_own_socket_tells_what_it_keeps() -> None:
    fact = outstanding(hosts.untold(sockets=(hosts.sockets(hosts.stalled(queue=517), vantage="client"),)))
    assert fact.answer is Left.CLIENT_DATA
    assert "517 bytes" in fact.says
    assert not outstanding(hosts.untold(sockets=(hosts.sockets(hosts.half_open()),))).known
