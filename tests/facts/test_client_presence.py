from bothways.connections.outcome import Outcome
from bothways.facts.client_presence import Presence, client_presence
from tests.helpers import packets as p
from tests.helpers.network import CLIENT, Network, Talk, half_open, worked

REPEATS = (0, 1000, 3000, 7000)


def half(talk: Talk, *, unseen: tuple[str, ...] = ()) -> None:
    """One SYN, and SYN+ACKs that nobody answers."""
    talk.there(0, "S", unseen=unseen)
    for ms in REPEATS:
        talk.back(20 + ms, "SA", seq=0, unseen=unseen)


def no_such_host(network: Network, talk: Talk, ms: float, reporter: str) -> None:
    segment = p.tcp(talk.server.port, talk.client.port, seq=talk.isn["back"], flags="SA")
    quoted = p.ipv4(talk.server.address, talk.client.address, segment, ttl=60)
    packet = p.icmp_error(reporter, talk.server.address, quoted, kind=3, code=1, ttl=60)
    network.record("server", ms, p.ethernet(packet))


def test_from_the_server_alone_nothing_but_syns_is_in_view() -> None:
    network = Network("server")
    half(network.talk())
    assert network.exchange().outcome is Outcome.HALF_OPEN
    assert client_presence(network.subject()).answer is Presence.ONLY_SYNS


def test_an_ack_that_was_lost_shows_that_the_client_goes_on() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    assert client_presence(network.subject()).answer is Presence.GOES_ON


def test_a_client_that_reacts_to_nothing_ignores_it() -> None:
    network = Network("client", "server")
    worked(network.talk(), 100)
    half(network.talk())
    assert client_presence(network.subject()).answer is Presence.IGNORES


def test_a_client_whose_capture_has_its_other_connections_never_sent_a_syn_that_is_not_there() -> None:
    network = Network("client", "server")
    worked(network.talk())
    half(network.talk(start=50), unseen=("client",))
    network.idle(9000)
    assert client_presence(network.subject()).answer is Presence.NEVER_SENT


def test_a_router_that_looked_for_its_neighbour_or_stands_beside_it_says_that_nobody_is_there() -> None:
    for ms, reporter in ((3100, "198.51.100.9"), (40, "10.0.0.254")):
        network = Network("server")
        talk = network.talk()
        half(talk)
        no_such_host(network, talk, ms, reporter)
        assert client_presence(network.subject()).answer is Presence.UNREACHABLE


def test_a_router_elsewhere_that_says_so_at_once_may_lack_a_route() -> None:
    network = Network("server")
    talk = network.talk()
    half(talk)
    no_such_host(network, talk, 40, "198.51.100.9")
    assert client_presence(network.subject()).answer is Presence.ONLY_SYNS


def test_other_connections_of_the_same_address_show_it_alive() -> None:
    network = Network("server")
    worked(network.talk(client=CLIENT.address), 100)
    half(network.talk())
    assert client_presence(network.subject()).answer is Presence.ALIVE
