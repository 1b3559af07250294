from bothways.connections.outcome import Outcome
from bothways.way import Way
from tests.helpers.network import CLIENT, SERVER, Network, half_open, worked
from tests.helpers.packets import client_hello


def test_the_ends_are_those_that_the_client_sees() -> None:
    network = Network("server", "client")
    worked(network.talk())
    exchange = network.exchange()
    assert (exchange.client, exchange.server) == (CLIENT, SERVER)


def test_the_name_is_told_by_whoever_saw_the_client_say_it() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"), unseen=["client"])
    assert network.exchange().name == "a.example"


def test_an_exchange_without_a_name_has_none() -> None:
    network = Network("client")
    worked(network.talk())
    assert network.exchange().name is None


def test_what_an_observer_saw_is_found_by_its_vantage() -> None:
    network = Network("client", "server")
    worked(network.talk())
    exchange = network.exchange()
    seen = exchange.at("server")
    assert seen is not None
    assert seen.observer.vantage == "server"
    assert exchange.at("nowhere") is None


def test_each_way_is_kept_apart_and_copies_are_left_out() -> None:
    network = Network("client")
    worked(network.talk())
    network.frames["client"] = [packet for packet in network.frames["client"] for _ in range(2)]
    (seen,) = network.exchange().seen
    assert len(seen.segments(Way.THERE)) == 6
    assert len(seen.segments(Way.BACK)) == 3
    assert {segment.source for segment in seen.there} == {CLIENT}


def test_the_clients_own_view_decides() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    assert network.exchange().outcome is Outcome.HALF_OPEN


def test_without_the_clients_view_whoever_saw_it_fail_decides() -> None:
    network = Network("firewall-inside", "server")
    talk = network.talk()
    talk.there(0, "S", lost="firewall-inside")
    talk.there(1000, "S", lost="firewall-inside")
    talk.there(3000, "S")
    network.idle(9000)
    assert network.exchange().outcome is Outcome.UNANSWERED


def test_a_success_at_one_observer_outweighs_a_cut_at_another() -> None:
    network = Network("firewall-inside", "server")
    worked(network.talk())
    network.frames["firewall-inside"] = network.frames["firewall-inside"][:2]
    assert network.exchange().outcome is Outcome.WORKED


def test_the_signature_names_the_outcome_and_each_letter_once() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    assert network.exchange().signature == "half-open ShADT"


def test_an_idle_or_cut_connection_that_brought_nothing_is_unresolved() -> None:
    network = Network("client")
    network.talk().handshake()
    assert network.exchange().unresolved
    finished = Network("client")
    worked(finished.talk())
    assert not finished.exchange().unresolved


def test_what_works_and_stays_open_is_resolved_only_where_the_client_was_watched() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(60, "PA", 100)
    talk.there(70, "A")
    assert not network.exchange().unresolved
    afar = Network("server")
    talk = afar.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(60, "PA", 100)
    talk.there(70, "A")
    assert afar.exchange().unresolved
    talk.closes(80)
    assert not afar.exchange().unresolved


def test_a_client_that_got_the_beginning_of_an_answer_whose_rest_is_sent_in_vain_waits() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "PA", 150)
    talk.there(90, "A")
    for ms in (75, 300, 800, 1800, 4000, 8000):
        talk.back(ms, "A", 1460, seq=151, lost="server")
    network.idle(15_000)
    assert network.exchange().outcome is Outcome.STALLED_BACK
