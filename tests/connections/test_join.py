from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.evidence.endpoint import Endpoint
from tests.helpers.diagnoses import observer, survey
from tests.helpers.network import CLIENT, SYNS, Network, half_open, worked

PUBLIC = Endpoint("203.0.113.7", 61_000)


def test_one_connection_at_three_observers_is_one_exchange_in_path_order() -> None:
    network = Network("server", "client", "firewall-inside")
    worked(network.talk())
    (exchange,) = network.exchanges()
    assert [seen.observer.vantage for seen in exchange.seen] == ["client", "firewall-inside", "server"]


def test_address_translation_is_seen_through_by_both_initial_sequence_numbers() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.translated = {"server": PUBLIC}
    worked(talk)
    (exchange,) = network.exchanges()
    assert exchange.client == CLIENT
    assert exchange.seen[1].sides.client == PUBLIC


def test_a_translated_connection_whose_reply_is_missing_on_one_side_is_known_by_its_syn_and_server() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.translated = {"server": PUBLIC}
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["client"])
    (exchange,) = network.exchanges()
    assert [seen.observer.vantage for seen in exchange.seen] == ["client", "server"]


def test_unanswered_syns_whose_destination_is_translated_are_known_by_their_sender() -> None:
    network, inside = Network("client", "server"), Network("client", "server")
    outer, inner = network.talk(), inside.talk(server=Endpoint("10.250.0.9", 8443))
    for ms in SYNS:
        outer.there(ms, "S", lost="client")
        inner.there(ms, "S")
    network.frames["server"] = inside.frames["server"]
    exchange = network.exchange()
    assert [seen.observer.vantage for seen in exchange.seen] == ["client", "server"]
    assert exchange.server == outer.server


def test_observers_of_half_a_handshake_are_tied_together_by_one_that_saw_both_halves() -> None:
    network = Network("client", "firewall-outside", "server")
    talk = network.talk()
    talk.translated = {"firewall-outside": PUBLIC, "server": PUBLIC}
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["firewall-outside"])
    talk.there(21, "A", lost="client")
    (exchange,) = network.exchanges()
    assert len(exchange.seen) == 3


def test_the_same_ports_with_another_sequence_number_are_another_connection() -> None:
    network = Network("client", "server")
    worked(network.talk(port=40_000))
    worked(network.talk(port=40_000, start=60_000))
    first, second = network.exchanges()
    assert first.seen[0].sides.there.isn != second.seen[0].sides.there.isn
    for exchange in (first, second):
        assert len({seen.sides.there.isn for seen in exchange.seen}) == 1
        assert len(exchange.seen) == 2


def test_an_observer_of_the_second_use_only_joins_the_second() -> None:
    network = Network("client", "server")
    half_open(network.talk(port=40_000), last="client")
    first = network.frames["server"].copy()
    worked(network.talk(port=40_000, start=60_000))
    network.frames["server"] = [packet for packet in network.frames["server"] if packet not in first]
    one, other = network.exchanges()
    assert len(one.seen) == 1
    assert len(other.seen) == 2


def test_a_row_of_one_way_joins_the_connection_of_its_ends() -> None:
    network = Network("client", "tap", "server")
    talk = network.talk()
    talk.there(0, "S", unseen=["tap"])
    talk.back(20, "SA")
    talk.there(40, "A", unseen=["tap"])
    (exchange,) = network.exchanges()
    assert [seen.observer.file for seen in exchange.seen] == ["client.pcap", "tap.pcap", "server.pcap"]


def test_a_row_without_a_handshake_joins_by_its_ends() -> None:
    network = Network("client", "server")
    worked(network.talk())
    network.frames["server"] = network.frames["server"][4:]
    (exchange,) = network.exchanges()
    assert len(exchange.seen) == 2


def test_every_row_ends_up_in_exactly_one_exchange() -> None:
    network = Network("client", "firewall-inside", "server")
    for number in range(4):
        half_open(network.talk(start=number * 100), last="firewall-inside")
    exchanges = network.exchanges()
    rows = [(seen.observer.file, seen.sides.row.number) for exchange in exchanges for seen in exchange.seen]
    assert len(rows) == len(set(rows)) == 12
    assert len(exchanges) == 4


def test_two_connections_of_one_observer_are_never_one() -> None:
    network = Network("client")
    worked(network.talk(port=40_000))
    worked(network.talk(port=40_001))
    assert len(network.exchanges()) == 2


def test_what_one_observer_saw_is_in_order_of_appearance() -> None:
    network = Network("client")
    for _ in range(3):
        worked(network.talk())
    (capture,) = network.captures()
    (placed,) = place_observers([(capture.survey, capture.role)])
    backwards = see(placed, ())[::-1]
    numbers = [exchange.seen[0].sides.row.number for exchange in join([placed], [backwards])]
    assert numbers == [row.number for row in capture.survey.rows]
    assert len(numbers) == 3


def test_rows_that_pass_two_did_not_choose_have_counters_only() -> None:
    network = Network("client")
    worked(network.talk())
    (capture,) = network.captures()
    (watcher,) = place_observers([(capture.survey, capture.role)])
    (seen,) = see(watcher, ())
    assert seen.packets is None
    assert (seen.there, seen.back, seen.errors) == ((), (), ())
    assert seen.sides.there.syns == 1


def test_a_capture_without_packets_saw_nothing() -> None:
    nobody = observer(survey(first=None, last=None))
    assert see(nobody, ()) == []
    assert join([nobody], [[]]) == ()
