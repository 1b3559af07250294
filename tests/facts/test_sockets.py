import pytest

from bothways.facts.sockets import ACCEPT_QUEUE, Held, Queue, accept_queue, server_socket
from bothways.unknown import Unknown
from tests.helpers.hosts import half_open, listening, sockets, stalled, untold
from tests.helpers.network import Network
from tests.helpers.network import half_open as half_open_connection

TAKEN = "ESTAB 0 0 192.0.2.2:443 10.0.0.1:40000"


def unheard() -> Network:
    """A connection that was made, at the client: what it sends is never acknowledged."""
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    for ms in (41, 241, 641, 1441, 3041):
        talk.there(ms, "PA", 100, seq=1)
    network.idle(20_000)
    return network


def opened() -> Network:
    """One whose SYN+ACK is repeated and never taken."""
    network = Network("client")
    half_open_connection(network.talk(), last="client")
    return network


@pytest.mark.parametrize(
    ("network", "row", "answer", "sure"),
    [
        (opened(), half_open(3), Held.HALF_OPEN, True),
        (opened(), half_open(2), Held.HALF_OPEN, True),
        (opened(), half_open(None), Held.HALF_OPEN, False),
        (unheard(), TAKEN, Held.TAKEN, True),
        (unheard(), TAKEN.replace("ESTAB 0", "ESTAB 59"), Held.UNREAD, True),
        (unheard(), TAKEN.replace("ESTAB", "CLOSE-WAIT"), Held.TAKEN, True),
    ],
)
def test_how_the_servers_kernel_holds_the_failing_connection(
    network: Network,
    row: str,
    answer: Held,
    sure: bool,  # noqa: FBT001 - a table's column
) -> None:
    fact = server_socket(network.subject(sockets=(sockets(row, vantage="server"),)))
    assert (fact.answer, fact.sure, fact.vantage) == (answer, sure, "server")
    assert [(cite.file, cite.line) for cite in fact.cites] == [("server.ss.txt", 1)]


def answered() -> Network:
    """One whose request was acknowledged, and nothing more came."""
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(60, "A")
    network.idle(20_000)
    return network


def unanswered() -> Network:
    network = Network("client")
    talk = network.talk()
    for ms in (0, 1000, 3000):
        talk.there(ms, "S")
    network.idle(20_000)
    return network


@pytest.mark.parametrize(("network", "row"), [(opened(), TAKEN), (unanswered(), TAKEN), (answered(), half_open(3))])
def test_a_list_that_the_packets_contradict_is_of_another_connection_of_the_same_ports(
    network: Network, row: str
) -> None:
    assert isinstance(server_socket(network.subject(sockets=(sockets(row, vantage="server"),))).answer, Unknown)


@pytest.mark.parametrize("row", [half_open(1), half_open(0), TAKEN.replace("ESTAB", "TIME-WAIT"), stalled()])
def test_what_does_not_show_the_servers_end_is_unknown(row: str) -> None:
    network = Network("client")
    half_open_connection(network.talk(), last="client")
    assert isinstance(server_socket(network.subject(sockets=(sockets(row),))).answer, Unknown)


def test_without_lists_nothing_is_known() -> None:
    assert isinstance(server_socket(untold()).answer, Unknown)
    assert isinstance(accept_queue(untold()).answer, Unknown)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (listening(8, 7), Queue.FULL),
        (listening(7, 7), Queue.ROOM),
        (listening(0, 128), Queue.ROOM),
        (listening(7, 7, more="skmem:(r0,rb1,t0,tb1,f0,w0,o0,bl0,d14)"), Queue.HAS_DROPPED),
        (listening(7, 7, more="skmem:(r0,rb1,t0,tb1,f0,w0,o0,bl0,d0)"), Queue.ROOM),
        (listening(8, 7, more="skmem:(r0,rb1,t0,tb1,f0,w0,o0,bl0,d14)"), Queue.FULL),
    ],
)
def test_a_queue_is_full_when_more_wait_than_are_allowed(row: str, answer: Queue) -> None:
    fact = accept_queue(untold(sockets=(sockets(listening(9, 5, port=22), row, vantage="server"),)))
    assert (fact.answer, fact.settles) == (answer, True)
    assert [cite.line for cite in fact.cites] == [2]


def test_nobody_on_the_port_settles_nothing() -> None:
    fact = accept_queue(untold(sockets=(sockets(listening(0, 5, port=22), vantage="server"),)))
    assert (fact.answer, fact.settles, fact.sure) == (Queue.NOBODY, False, False)
    assert ACCEPT_QUEUE.decisive


def test_who_listens_on_another_host_says_nothing() -> None:
    for vantage in (None, "client"):
        assert isinstance(accept_queue(untold(sockets=(sockets(listening(8, 7), vantage=vantage),))).answer, Unknown)
    other = "LISTEN 8 7 192.0.2.77:443 0.0.0.0:*"
    assert isinstance(accept_queue(untold(sockets=(sockets(other, vantage="server"),))).answer, Unknown)
    own = "LISTEN 8 7 192.0.2.2:443 0.0.0.0:*"
    assert accept_queue(untold(sockets=(sockets(own),))).answer is Queue.FULL


def test_a_list_is_the_servers_where_one_of_its_sockets_has_the_servers_address() -> None:
    listed = sockets(listening(8, 7), "ESTAB 0 0 192.0.2.2:22 10.0.0.1:41000", "LISTEN 0 5 192.0.2.2:80 0.0.0.0:*")
    fact = accept_queue(untold(sockets=(listed,)))
    assert (fact.answer, fact.cites[0].line) == (Queue.FULL, 1)
    told_otherwise = sockets("LISTEN 8 7 192.0.2.2:443 0.0.0.0:*", vantage="client")
    assert isinstance(accept_queue(untold(sockets=(told_otherwise,))).answer, Unknown)
