"""Who is asked first of all where no failure is in view, and who is asked beside him."""

import pytest
from msgspec.structs import replace

from bothways.diagnosis.asking import had, had_of
from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Ask, Ruling
from bothways.evidence.case import Case
from bothways.evidence.rule import Ruleset
from bothways.theories.questions import CLIENT, SERVER, Brings
from tests.helpers.network import Network
from tests.helpers.surroundings import back, control_back, there

HOPS = "gw=10.0.0.254 isp=10.0.3.1"


def served(*vantages: str) -> Network:
    """One connection that works, seen from *vantages*."""
    network = Network(*vantages)
    talk = network.talk()
    talk.handshake()
    talk.there(50, "PA", 200)
    talk.back(70, "PA", 400)
    talk.there(91, "A")
    talk.there(95, "FA")
    talk.back(115, "FA")
    talk.there(136, "A")
    network.idle(20_000)
    return network


def first_asked(network: Network) -> tuple[Ruling, tuple[Ask, ...]]:
    (target,) = network.diagnose().targets
    return target.verdict.ruling, target.next


def test_who_stands_afar_and_sees_all_work_asks_for_what_the_client_sees() -> None:
    ruling, asks = first_asked(served("server"))
    assert ruling is Ruling.HEALTHY
    assert [ask.who for ask in asks] == [CLIENT, SERVER]
    assert asks[0].id == "client-capture"
    assert [ask.at_once for ask in asks] == [False, True]


def test_who_is_asked_beside_the_client_is_not_asked_for_what_he_gave() -> None:
    _, asks = first_asked(served("server"))
    assert "server-capture" not in {asks[1].id, *asks[1].also}


def test_who_stands_at_the_client_and_sees_all_work_asks_nobody() -> None:
    assert first_asked(served("client")) == (Ruling.HEALTHY, ())
    assert first_asked(served("client", "server")) == (Ruling.HEALTHY, ())


def test_without_a_connection_the_client_is_asked_for_one() -> None:
    ask, *_ = diagnose(Case(files=(), paths=(there(HOPS),))).next
    assert (ask.id, ask.who, ask.at_once, ask.separates) == ("client-capture", CLIENT, False, ())


def test_both_ends_are_asked_at_once_where_both_sent_a_path_report() -> None:
    asks = diagnose(Case(files=(), paths=(there(HOPS), back(HOPS)))).next
    assert [(ask.who, ask.id) for ask in asks] == [(CLIENT, "client-capture"), (SERVER, "server-capture")]
    assert asks[1].at_once


def test_a_control_is_nobodys_path() -> None:
    assert had_of(Case(files=(), paths=(control_back(HOPS),))) == frozenset()


@pytest.mark.parametrize(("vantage", "there_already"), [("server", False), ("firewall", True), (None, True)])
def test_a_hosts_own_rules_are_no_firewalls(vantage: str | None, there_already: bool) -> None:  # noqa: FBT001 - a table
    subject = replace(Network("client").subject(), rules=(Ruleset(file="x", rules=(), policies=(), vantage=vantage),))
    assert (Brings.RULES in had(subject)) is there_already
