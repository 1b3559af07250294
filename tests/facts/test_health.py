from bothways.evidence.attempt import Outcome as Told
from bothways.facts.health import Health, health
from tests.helpers import hosts
from tests.helpers.network import Network, half_open, worked
from tests.helpers.surroundings import attempt, log


def test_failures_are_counted_among_all_connections() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    worked(network.talk(start=20_000))
    fact = health(network.subject())
    assert fact.answer is Health.FAILED
    assert fact.says == "1 of 2 connections failed (half-open)"
    assert fact.cites[0].frame == 1


def test_a_log_may_be_all_that_tells_of_a_failure() -> None:
    fact = health(Network("client").subject(attempts=(log(attempt(Told.STALLED)),)))
    assert fact.answer is Health.FAILED
    assert fact.cites[0].line == 6


def test_connections_that_work_with_loss_suffer() -> None:
    network = Network("client")
    worked(network.talk())
    fact = health(network.subject(degraded=True))
    assert fact.answer is Health.DEGRADED
    assert "2 %" in fact.says


def test_a_hosts_own_sockets_may_be_all_that_tells_of_a_failure() -> None:
    fact = health(hosts.untold(sockets=(hosts.sockets("ESTAB 0 0 10.0.0.1:41000 192.0.2.2:443", hosts.stalled()),)))
    assert fact.answer is Health.FAILED
    assert "own sockets" in fact.says
    assert [cite.line for cite in fact.cites] == [2]


def test_a_full_queue_may_be_all_that_tells_of_a_failure() -> None:
    listed = hosts.sockets(hosts.listening(8, 7), "ESTAB 1 0 192.0.2.2:443 10.0.0.1:41000", vantage="server")
    counted = hosts.counters({"TcpExtListenOverflows": 3})
    fact = health(hosts.untold(sockets=(listed,), counters=(counted,)))
    assert "accept queue" in fact.says
    assert [cite.line for cite in fact.cites] == [1]
