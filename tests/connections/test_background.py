from bothways.connections.background import Background, ports_used_again, sort_out
from bothways.connections.outcome import Outcome
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import CLIENT, SERVER, SYNS, Network, worked


def test_path_probes_are_told_from_the_probes_of_a_scan() -> None:
    network = Network("client")
    for ttl in (1, 2, 3):
        network.talk(start=ttl * 10).there(0, "S", ttl=ttl, lost="client")
    half_way = network.talk(start=5000)
    half_way.there(0, "S")
    half_way.back(20, "SA")
    half_way.there(40, "R", seq=1)
    worked(network.talk(start=6000))
    found = sort_out(network.exchanges(), names={}).kinds
    assert found == (Background.PATH_PROBE,) * 3 + (Background.PORT_PROBE, None)


def expiring(*routers: str) -> tuple[Background | None, ...]:
    """What SYNs are of which each expired at one of *routers*, sent with the TTL of a host."""
    network = Network("client")
    for number, router in enumerate(routers):
        talk = network.talk(start=number * 100)
        talk.there(0, "S", lost="client")
        talk.error(10, kind=11, code=0, reporter=router)
    return sort_out(network.exchanges(), names={}).kinds


def test_syns_that_expire_hop_after_hop_are_a_trace_whatever_their_ttl() -> None:
    assert expiring("10.0.0.1", "10.0.0.2", "10.0.0.3") == (Background.PATH_PROBE,) * 3


def test_syns_that_expire_in_a_loop_are_failures() -> None:
    assert expiring(*["10.0.0.1", "10.0.0.2"] * 3) == (None,) * 6


def test_one_refused_port_asked_again_and_again_is_a_failure_and_no_scan() -> None:
    network = Network("client")
    for number in range(100):
        talk = network.talk(start=number * 500)
        talk.there(0, "S")
        talk.back(20, "RA", seq=0, ack=1)
    exchanges = network.exchanges()
    assert set(sort_out(exchanges, names={}).kinds) == {None}
    assert {exchange.outcome for exchange in exchanges} == {Outcome.REFUSED}


def test_five_failing_sites_are_five_failures() -> None:
    network = Network("client")
    for number in range(5):
        talk = network.talk(server=Endpoint(f"192.0.2.{number + 1}", 443), start=number * 20)
        for ms in SYNS:
            talk.there(ms, "S", lost="client")
    network.idle(20_000)
    exchanges = network.exchanges()
    assert set(sort_out(exchanges, names={}).kinds) == {None}
    assert all(exchange.outcome.failed for exchange in exchanges)


def test_ports_that_are_used_again_at_once_or_after_a_while_hold_connections_of_their_own() -> None:
    network = Network("client", "server")
    for start in (0, 200, 90_000):
        worked(network.talk(port=CLIENT.port, start=start))
    worked(network.talk(port=CLIENT.port + 50))
    exchanges = network.exchanges()
    assert [len(exchange.seen) for exchange in exchanges] == [2, 2, 2, 2]
    assert ports_used_again(exchanges) == 2
    assert {exchange.outcome for exchange in exchanges} == {Outcome.WORKED}


def test_ports_used_again_while_the_other_end_still_waits_are_a_second_connection() -> None:
    """A TIME-WAIT may be cut short by a SYN with a later number (RFC 9293 section 3.6.1)."""
    network = Network("client", "server")
    first = network.talk(port=CLIENT.port)
    first.handshake()
    first.there(41, "PA", 100)
    first.back(70, "PA", 300)
    first.back(90, "FA")
    first.there(110, "FA")
    first.back(130, "A")
    again = network.talk(port=CLIENT.port, start=150)
    for ms in SYNS:
        again.there(ms, "S", lost="client")
    network.idle(20_000)
    exchanges = network.exchanges()
    assert [exchange.outcome for exchange in exchanges] == [Outcome.WORKED, Outcome.UNANSWERED]
    assert {(exchange.client, exchange.server) for exchange in exchanges} == {(CLIENT, SERVER)}
    assert ports_used_again(exchanges) == 1
