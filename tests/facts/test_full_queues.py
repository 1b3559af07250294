from bothways.evidence.endpoint import Endpoint
from bothways.facts.full_queues import full_queues
from tests.helpers.hosts import counters, listening, sockets

OVERFLOWED = counters({"TcpExtListenOverflows": 3})
USED = "ESTAB 59 0 192.0.2.2:443 10.0.0.1:41000"


def test_a_full_queue_of_a_host_that_counted_overflows() -> None:
    (queue,) = full_queues([sockets(listening(8, 7), USED, vantage="server")], [OVERFLOWED])
    assert queue.server == Endpoint("192.0.2.2", 443)
    assert queue.cite().line == 1


def test_the_listening_sockets_own_drops_will_do() -> None:
    row = "LISTEN 8 7 192.0.2.2:443 0.0.0.0:* skmem:(r0,rb1,t0,tb1,f0,w0,o0,bl0,d14)"
    (queue,) = full_queues([sockets(row)], [])
    assert queue.server == Endpoint("192.0.2.2", 443)


def test_a_program_that_lets_nobody_wait_is_not_at_fault_for_that() -> None:
    listed = sockets(listening(1, 0), USED, vantage="server")
    assert full_queues([listed], []) == []
    assert full_queues([listed], [counters({"TcpExtListenOverflows": 0})]) == []
    assert full_queues([listed], [counters({"TcpExtListenOverflows": 3}, vantage="client")]) == []
    nobodys = sockets(listening(1, 0), USED)
    assert full_queues([nobodys], [counters({"TcpExtListenOverflows": 3}, vantage=None)]) == []


def test_room_is_no_failure() -> None:
    assert full_queues([sockets(listening(7, 7), USED, vantage="server")], [OVERFLOWED]) == []


def test_where_nobody_is_connected_the_address_is_not_known() -> None:
    assert full_queues([sockets(listening(8, 7), vantage="server")], [OVERFLOWED]) == []
    lists = [sockets(listening(8, 7), vantage="server"), sockets(USED, vantage="server")]
    assert len(full_queues(lists, [OVERFLOWED])) == 1
    strangers = [sockets(listening(8, 7), vantage="server"), sockets(USED, vantage="client")]
    assert full_queues(strangers, [OVERFLOWED]) == []
