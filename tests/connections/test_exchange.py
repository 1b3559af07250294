import pytest

from bothways.connections.outcome import Outcome
from bothways.way import Way
from tests.helpers.network import CLIENT, RTO, SERVER, Network, Talk, half_open, worked
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


def answered_in_part(talk: Talk) -> None:
    """A request, and the beginning of an answer: or all of it, for all that the client's packets tell."""
    talk.handshake()
    talk.there(41, "PA", 100)
    talk.back(70, "PA", 300)
    talk.there(90, "A")


@pytest.mark.parametrize("waits", [True, False])
def test_a_client_that_waits_and_closes_unheard_may_have_missed_the_rest(*, waits: bool) -> None:
    network = Network("client")
    talk = network.talk()
    answered_in_part(talk)
    talk.there(9000 if waits else 200, "FA", 24)
    assert network.exchange().outcome is Outcome.CENSORED
    assert network.exchange().unresolved is waits


def test_a_close_that_is_repeated_and_never_answered_is_unresolved() -> None:
    network = Network("client")
    talk = network.talk()
    answered_in_part(talk)
    for ms in (100, 400, 1000, 2200, 4600):
        talk.there(ms, "FA", seq=101)
    assert network.exchange().unresolved


def test_what_was_idle_and_is_closed_in_good_order_is_resolved() -> None:
    network = Network("client")
    talk = network.talk()
    answered_in_part(talk)
    talk.closes(9000)
    assert network.exchange().outcome is Outcome.WORKED
    assert not network.exchange().unresolved


def test_an_answer_to_a_late_close_shows_what_never_arrived() -> None:
    network = Network("client")
    talk = network.talk()
    answered_in_part(talk)
    talk.there(9000, "FA")
    talk.back(9020, "A", seq=3301)
    network.idle(9030)
    assert network.exchange().outcome is Outcome.STALLED_BACK


def test_bytes_beyond_a_hole_that_never_closes_are_no_work_done() -> None:
    network = Network("client")
    talk = network.talk()
    answered_in_part(talk)
    talk.back(120, "A", 500, seq=1801)
    talk.there(121, "A", ack=301)
    talk.there(9000, "FA", ack=301)
    talk.back(9020, "A", seq=2301)
    network.idle(9030)
    assert network.exchange().outcome is Outcome.STALLED_BACK


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


# --- what one observer missed and another saw ---


def test_who_acknowledged_a_byte_has_it_whoever_saw_the_acknowledgement() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "PA", 150)
    talk.there(90, "A", unseen=["server"])
    exchange = network.exchange()
    isn = exchange.seen[1].sides.back.isn
    assert isn is not None
    assert exchange.acknowledged(Way.BACK) == isn + 151
    assert exchange.acknowledged(Way.THERE) == exchange.seen[1].sides.there.end


def test_without_an_acknowledgement_in_view_nothing_is_known_to_have_come() -> None:
    network = Network("client")
    network.talk().there(0, "S")
    assert network.exchange().acknowledged(Way.THERE) is None
    assert network.exchange().acknowledged(Way.BACK) is None


def missed_at_server(near: str, *, repeats: bool) -> Network:
    """An answer, a part of it sent twice, whose last ACK is seen by *near*, and not in the server's capture."""
    network = Network(near, "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "A", 1460)
    talk.back(71, "A", 1460, seq=1)
    talk.back(72, "PA", 600)
    talk.there(95, "A", ack=1461)
    talk.there(96, "A", unseen=["server"])
    for ms in (300, 800, 1800, 4000, 8000) if repeats else ():
        talk.back(ms, "PA", 600, seq=1461)
        talk.there(ms + 20, "A", lost=near)
    network.idle(15_000)
    return network


@pytest.mark.parametrize("near", ["client", "firewall-inside"])
def test_an_acknowledgement_that_one_capture_missed_was_given_all_the_same(near: str) -> None:
    network = missed_at_server(near, repeats=False)
    assert network.seen("server").fate.outcome is Outcome.STALLED_BACK
    assert network.exchange().outcome is Outcome.WORKED


@pytest.mark.parametrize("near", ["client", "firewall-inside"])
def test_a_server_that_goes_on_repeating_did_not_hear_the_acknowledgements_that_others_saw(near: str) -> None:
    assert missed_at_server(near, repeats=True).exchange().outcome is Outcome.STALLED_BACK


def test_a_client_whose_capture_missed_the_repeated_syn_acks_is_half_open_all_the_same() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", lost="client")
    for ms in RTO:
        talk.there(ms, "PA", 100, seq=1, lost="client")
    for ms in (1020, 3060, 7100):
        talk.back(ms, "SA", seq=0, ack=1, unseen=["client"])
    assert network.seen("client").fate.outcome is Outcome.STALLED_THERE
    assert network.exchange().outcome is Outcome.HALF_OPEN


def reset_unseen() -> Network:
    """An answered client that speaks once more, and a reset from the path that its capture missed."""
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "PA", 150)
    talk.there(90, "A")
    talk.there(9000, "PA", 50, lost="client")
    network.idle(20_000)
    return network


def test_an_end_that_waited_is_not_made_good_by_an_observer_who_saw_less() -> None:
    exchange = reset_unseen().exchange()
    assert exchange.outcome is Outcome.CENSORED
    assert exchange.unresolved


def test_how_the_waiting_ended_may_be_seen_by_another() -> None:
    network = Network("client", "server")
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "A", unseen=["client"])
    talk.back(71, "PA", 150)
    talk.there(90, "A", unseen=["server"])
    network.idle(20_000)
    assert [str(seen.fate.outcome) for seen in network.exchange().seen] == ["worked", "censored"]
    assert network.exchange().outcome is Outcome.WORKED
