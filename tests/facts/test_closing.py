from typing import Any

from bothways.facts.closing import Closed, who_closed
from bothways.facts.fact import Fact
from bothways.unknown import Unknown
from tests.helpers.network import Network, Talk


def asked(*vantages: str) -> tuple[Network, Talk]:
    network = Network(*vantages)
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 100)
    return network, talk


def told(network: Network) -> Fact:
    more: dict[str, Any] = {"exemplars": network.exchanges()}
    return who_closed(network.subject(**more))


def test_a_fin_that_leaves_the_server_with_the_request_taken_is_the_programs() -> None:
    network, talk = asked("client", "server")
    talk.back(80, "FA")
    talk.there(100, "FA")
    assert told(network).answer is Closed.SERVER_PROGRAM


def test_a_reset_that_acknowledges_the_request_is_the_programs_and_another_is_not() -> None:
    network, talk = asked("server")
    talk.back(80, "RA")
    assert told(network).answer is Closed.SERVER_PROGRAM
    network, talk = asked("server")
    talk.back(80, "R")
    assert isinstance(told(network).answer, Unknown)


def test_a_program_that_closes_late_gave_up() -> None:
    network, talk = asked("server")
    talk.back(60, "A")
    talk.back(5000, "FA")
    assert told(network).answer is Closed.SERVER_GAVE_UP


def test_seen_from_the_client_a_fin_may_be_anybodys() -> None:
    network, talk = asked("client")
    talk.back(80, "FA")
    assert isinstance(told(network).answer, Unknown)


def test_a_client_that_gives_up_closed_first_and_else_nobody_did() -> None:
    network, talk = asked("client")
    assert told(network).answer is Closed.NOBODY
    talk.there(9000, "FA")
    talk.back(9020, "FA")
    assert told(network).answer is Closed.CLIENT


def test_after_words_of_the_server_it_does_not_matter_who_closes() -> None:
    network, talk = asked("client")
    talk.back(80, "PA", 100)
    answer = told(network).answer
    assert isinstance(answer, Unknown)
    assert answer.moot


def test_who_closed_first_is_not_told_by_one_way_alone() -> None:
    network = Network("client")
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=["client"])
    talk.there(40, "A")
    talk.there(50, "PA", 100)
    talk.back(60, "FA", unseen=["client"])
    talk.there(80, "FA")
    assert isinstance(told(network).answer, Unknown)
