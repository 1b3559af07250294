import pytest

from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.endpoint import Endpoint
from bothways.facts.comparison import same_name_elsewhere
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families, fate_by_family
from bothways.facts.subject import Neighbour, Subject
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open, worked
from tests.helpers.surroundings import attempt, log

SIX = Endpoint("2001:db8::2", 443)
FOUR = Endpoint("192.0.2.99", 443)
NAME = "a.example"


def beside(*others: tuple[Endpoint, bool], name: str = NAME, vantage: str = "client") -> Subject:
    """A half-open connection over IPv4, and those to the same name elsewhere that work or not."""
    network = Network(vantage)
    half_open(network.talk(), last=vantage)
    for number, (server, works) in enumerate(others, start=1):
        client = "2001:db8:1::1" if server == SIX else "10.0.0.1"
        talk = network.talk(server=server, client=client, start=20_000 * number)
        if works:
            worked(talk)
        else:
            half_open(talk, last=vantage)
    network.idle(90_000)
    neighbours = tuple(
        Neighbour(server=server, name=name, exchanges=tuple(one for one in network.exchanges() if one.server == server))
        for server, _ in others
    )
    return network.subject(name=NAME, neighbours=neighbours)


def test_the_other_family_works_or_fails_too() -> None:
    fact = fate_by_family(beside((SIX, True)))
    assert fact.answer is Families.ONLY_THIS
    assert "works over IPv6 and fails over IPv4" in fact.says
    assert fate_by_family(beside((SIX, False))).answer is Families.BOTH
    assert not FATE_BY_FAMILY.decisive


def test_another_family_is_no_other_address_of_the_name() -> None:
    assert isinstance(same_name_elsewhere(beside((SIX, True))).answer, Unknown)


def test_where_another_address_of_the_family_works_the_family_is_not_it() -> None:
    assert isinstance(fate_by_family(beside((SIX, True), (FOUR, True))).answer, Unknown)


@pytest.mark.parametrize("subject", [beside((SIX, True), name="b.example"), beside((SIX, True), vantage="tap")])
def test_another_name_and_captures_elsewhere_tell_nothing(subject: Subject) -> None:
    assert isinstance(fate_by_family(subject).answer, Unknown)


@pytest.mark.parametrize(("told", "answer"), [(Told.ANSWERED, Families.ONLY_THIS), (Told.NO_CONNECTION, Families.BOTH)])
def test_a_programs_own_log_tells_it_as_well(told: Told, answer: Families) -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    subject = network.subject(name=NAME, attempts=(log(attempt(told, address=SIX.address)),))
    assert fate_by_family(subject).answer is answer
