import pytest

from bothways.evidence.endpoint import Endpoint
from bothways.facts.stuck_sockets import End, Stuck, host_sockets, sockets_of, stuck_sockets
from tests.helpers.hosts import HERE, THERE, half_open, listening, sockets, stalled, unanswered, untold
from tests.helpers.network import CLIENT, SERVER, Network
from tests.helpers.network import half_open as half_open_connection


def stuck(row: str, vantage: str | None = None) -> Stuck | None:
    (item,) = host_sockets([sockets(row, vantage=vantage)])
    return item.stuck


@pytest.mark.parametrize(
    ("row", "way"),
    [
        (unanswered(3), Stuck.UNANSWERED),
        (unanswered(2), None),
        (half_open(2), Stuck.HALF_OPEN),
        (half_open(1), None),
        (half_open(None), None),
        (stalled(), Stuck.NEVER_ACKNOWLEDGED),
        (stalled(acked=500), Stuck.NO_LONGER_ACKNOWLEDGED),
        (stalled(ms=2900, backoff=3), None),
        (stalled(ms=3000, backoff=1), Stuck.NEVER_ACKNOWLEDGED),
        (stalled(ms=9000, backoff=0), None),
        (f"ESTAB 0 59 {HERE} timer:(on,6.1ms,4)", Stuck.NO_LONGER_ACKNOWLEDGED),
        (f"ESTAB 0 59 {HERE} timer:(on,6.1ms,3)", None),
        (f"ESTAB 0 0 {HERE}", None),
        (f"ESTAB 59 0 {HERE}", None),
        (f"TIME-WAIT 0 0 {HERE}", None),
    ],
)
def test_stuck_is_who_waited_in_vain_for_three_seconds(row: str, way: Stuck | None) -> None:
    assert stuck(row) is way


def test_the_state_tells_the_end() -> None:
    client, server = stuck_sockets([sockets(unanswered(), half_open(ends="192.0.2.2:50000 10.0.0.1:40000"))])
    assert (client.end, client.client, client.server) == (End.CLIENT, CLIENT, SERVER)
    assert (server.end, server.server) == (End.SERVER, Endpoint("192.0.2.2", 50000))


@pytest.mark.parametrize(
    ("ends", "vantage", "end"),
    [
        (HERE, None, End.CLIENT),
        (THERE, None, End.SERVER),
        ("192.0.2.2:8443 10.0.0.1:999", None, None),
        ("192.0.2.2:50000 10.0.0.1:40000", None, None),
        ("192.0.2.2:50000 10.0.0.1:40000", "server", End.SERVER),
        ("192.0.2.2:50000 10.0.0.1:40000", "client", End.CLIENT),
        (HERE, "firewall-inside", End.CLIENT),
    ],
)
def test_else_the_role_of_the_file_or_the_range_of_the_ports_does(
    ends: str, vantage: str | None, end: End | None
) -> None:
    found = host_sockets([sockets(stalled(ends), vantage=vantage)])
    assert [item.end for item in found] == ([] if end is None else [end])


def test_who_listens_is_the_server() -> None:
    ends = "192.0.2.2:40000 10.0.0.1:999"
    (item,) = host_sockets([sockets(stalled(ends), listening(0, 5, port=40_000))])
    assert item.end is End.SERVER
    beside = [sockets(stalled(ends), vantage="server"), sockets(listening(0, 5, port=40_000), vantage="server")]
    assert host_sockets(beside)[0].end is End.SERVER
    elsewhere = [sockets(stalled(ends)), sockets(listening(0, 5, port=40_000))]
    assert host_sockets(elsewhere)[0].end is End.CLIENT


def test_beside_captures_only_the_failing_connections_count() -> None:
    network = Network("client")
    half_open_connection(network.talk(), last="client")
    listed = sockets(stalled(), stalled("10.0.0.1:41000 192.0.2.2:443"))
    (item,) = sockets_of(network.subject(sockets=(listed,)), End.CLIENT)
    assert item.client == CLIENT


def test_without_captures_only_those_count_that_fail_earliest_whichever_end_knows_it() -> None:
    other = "10.0.0.1:41000 192.0.2.2:443"
    subject = untold(
        sockets=(
            sockets(stalled(), f"ESTAB 0 0 {other}", vantage="client"),
            sockets(half_open(), "ESTAB 59 0 192.0.2.2:443 10.0.0.1:41000", vantage="server"),
        )
    )
    assert [item.client.port for item in sockets_of(subject, End.CLIENT)] == [CLIENT.port]
    assert [item.client.port for item in sockets_of(subject, End.SERVER)] == [CLIENT.port]


def test_where_nothing_is_stuck_nobody_speaks_for_the_failure() -> None:
    subject = untold(sockets=(sockets("ESTAB 59 0 192.0.2.2:443 10.0.0.1:41000", vantage="server"),))
    assert sockets_of(subject, End.SERVER) == []
