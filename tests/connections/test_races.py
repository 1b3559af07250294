from pathlib import Path

import pytest

from bothways.connections.join import join, see
from bothways.connections.observer import place_observers
from bothways.connections.outcome import Outcome
from bothways.connections.races import APART, Race, races
from bothways.evidence.case import Role
from bothways.evidence.endpoint import Endpoint
from bothways.units import MILLISECOND
from tests.helpers.network import CLIENT, SERVER, Network, Talk, worked
from tests.helpers.readers import survey

SIX, SIX_SERVER = "2001:db8::1", Endpoint("2001:db8:2::2", 443)
OTHER = Endpoint("192.0.2.8", 443)
SAMPLE = Path(__file__).parent / "samples" / "lost-race.pcap"
DELAY = 250
"""Recommended Connection Attempt Delay (RFC 8305 section 8)."""


def loser(
    network: Network, *, syns: int = 1, start: float = 0, server: Endpoint = SIX_SERVER, client: str = SIX
) -> Talk:
    talk = network.talk(client=client, server=server, start=start)
    for ms in (0, 1000, 3000, 7000)[:syns]:
        talk.there(ms, "S", lost="client")
    return talk


def raced(*, syns: int = 1, after: float = DELAY, slow: float = 0, until: float = 20_000) -> Network:
    network = Network("client")
    loser(network, syns=syns, start=5000)
    winner = network.talk(start=5000 + after)
    winner.there(0, "S")
    winner.back(20 + slow, "SA")
    winner.there(40 + slow, "A")
    winner.there(41 + slow, "PA", 100)
    winner.back(70 + slow, "PA", 300)
    network.idle(until)
    return network


def found(network: Network, names: dict[Endpoint, frozenset[str]] | None = None) -> list[Race]:
    return races(network.exchanges(), names or {})


def test_a_family_that_did_not_answer_lost_to_the_other() -> None:
    (race,) = found(raced())
    assert (race.loser, race.winner, race.answered) == (0, 1, False)


def test_a_real_race_of_curl_is_recognised() -> None:
    seen = survey([SAMPLE.read_bytes()], file="client.pcap")
    observers = place_observers([(seen, Role(vantage="client"))])
    exchanges = join(observers, [see(observer, ()) for observer in observers])
    losers = [exchanges[race.loser] for race in races(exchanges, {})]
    assert [(loser.server.address, loser.outcome) for loser in losers] == [("2001:db8:99::2", Outcome.CENSORED)] * 3
    assert len(exchanges) == 7


def test_a_later_attempt_that_the_first_one_overtook_lost_too() -> None:
    (race,) = found(raced(after=-DELAY, slow=300))
    assert race.winner == 0


def test_what_begins_after_another_was_answered_is_no_attempt_of_its_race() -> None:
    assert found(raced(after=-DELAY)) == []


@pytest.mark.parametrize(("after", "count"), [(APART // MILLISECOND, 1), (APART // MILLISECOND + 1, 0)])
def test_attempts_of_one_race_begin_within_two_seconds(after: int, count: int) -> None:
    assert len(found(raced(after=after))) == count


def test_who_goes_on_asking_after_the_other_answered_has_not_given_up() -> None:
    assert found(raced(syns=3)) == []
    assert found(raced(syns=2)) == []


def test_who_asked_again_before_the_winner_was_answered_has_lost_all_the_same() -> None:
    assert len(found(raced(syns=2, slow=1200))) == 1


def test_a_capture_that_ends_too_soon_shows_nobody_giving_up() -> None:
    assert found(raced(until=7000)) == []


def test_a_winner_has_done_some_work() -> None:
    network = Network("client")
    loser(network)
    network.talk(start=DELAY).handshake()
    network.idle(20_000)
    assert found(network) == []


def test_a_connection_closed_as_soon_as_it_was_made_lost() -> None:
    network = Network("client")
    late = network.talk(client=SIX, server=SIX_SERVER)
    late.handshake()
    late.there(300, "FA")
    late.back(320, "FA")
    late.there(340, "A")
    worked(network.talk(start=DELAY))
    network.idle(20_000)
    (race,) = found(network)
    assert race.answered


def test_one_that_the_server_reset_did_not_lose_but_fail() -> None:
    network = Network("client")
    talk = network.talk(client=SIX, server=SIX_SERVER)
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)
    worked(network.talk(start=DELAY))
    network.idle(20_000)
    assert found(network) == []


def test_one_whose_handshake_the_server_never_completed_did_not_lose_but_fail() -> None:
    network = Network("client")
    talk = network.talk(client=SIX, server=SIX_SERVER)
    talk.there(0, "S")
    for ms in (20, 1020):
        talk.back(ms, "SA", seq=0, ack=1)
        talk.there(ms + 1, "A", lost="client")
    talk.there(1500, "FA", lost="client")
    worked(network.talk(start=DELAY))
    network.idle(20_000)
    assert found(network) == []


def test_another_port_is_another_race() -> None:
    network = Network("client")
    loser(network)
    worked(network.talk(server=Endpoint("192.0.2.2", 80), start=DELAY))
    network.idle(20_000)
    assert found(network) == []


def test_the_same_address_is_no_race() -> None:
    network = Network("client")
    loser(network, server=SERVER, client=CLIENT.address)
    worked(network.talk(start=DELAY))
    network.idle(20_000)
    assert found(network) == []


def test_two_addresses_of_one_family_race_for_one_client_alone() -> None:
    for client, count in ((CLIENT.address, 1), ("10.0.0.9", 0)):
        network = Network("client")
        loser(network, server=OTHER, client=client)
        worked(network.talk(start=DELAY))
        network.idle(20_000)
        assert len(found(network)) == count


def test_who_waited_a_second_for_one_address_while_another_site_worked_did_not_race() -> None:
    network = Network("client")
    loser(network, server=OTHER, client=CLIENT.address, syns=2)
    talk = network.talk(start=1500)
    worked(talk)
    network.idle(20_000)
    assert found(network) == []


def test_among_many_hosts_a_name_must_tell_who_raced() -> None:
    network = raced()
    worked(network.talk(client="10.0.0.9", server=OTHER, start=60_000))
    network.idle(80_000)
    assert found(network) == []
    name = frozenset({"a.example"})
    assert len(found(network, {SIX_SERVER: name, SERVER: name})) == 1


def test_servers_of_different_names_do_not_race() -> None:
    assert found(raced(), {SIX_SERVER: frozenset({"a.example"}), SERVER: frozenset({"b.example"})}) == []


def test_one_winner_beats_one_connection_to_each_address() -> None:
    network = Network("client")
    for start in (5000, 5001, 5002, 5003):
        loser(network, server=OTHER, client=CLIENT.address, start=start)
    loser(network, start=5000)
    worked(network.talk(start=5000 + DELAY))
    network.idle(20_000)
    exchanges = network.exchanges()
    beaten = [exchanges[race.loser].server for race in races(exchanges, {})]
    assert sorted(beaten) == sorted([OTHER, SIX_SERVER])
