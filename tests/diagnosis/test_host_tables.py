import pytest
from msgspec.structs import replace

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.host_tables import apart, told_apart
from bothways.diagnosis.model import Ruling
from bothways.evidence.case import Case, SocketEvidence
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.session import SessionLog
from tests.helpers.hosts import sockets
from tests.helpers.network import CLIENT, SERVER, Network, half_open
from tests.helpers.surroundings import session, sessions

OWN = session("ESTABLISHED", unreplied=False)
ELSEWHERE = session("ESTABLISHED", unreplied=False, server=Endpoint("198.51.100.5", 22))
OF_OTHERS = session(client=Endpoint("10.0.0.9", 7), server=Endpoint("192.0.2.50", 22))
WITH_ITSELF = session(client=Endpoint("127.0.0.1", 50_123), server=Endpoint("127.0.0.1", 5432))
LOOPBACK = "ESTAB 0 0 127.0.0.1:50123 127.0.0.1:5432"


def case(log: SessionLog, *lists: SocketEvidence) -> Case:
    return Case(files=(), sessions=(log,), sockets=lists)


def is_of_host(log: SessionLog, *lists: SocketEvidence) -> bool:
    of_firewalls, of_hosts = apart(case(log, *lists))
    assert len(of_firewalls) + len(of_hosts) == 1
    return bool(of_hosts)


def called(log: SessionLog, vantage: str | None, *, decided: bool = False) -> SessionLog:
    return replace(log, vantage=vantage, decided=decided)


@pytest.mark.parametrize("vantage", [None, "firewall-inside"])
def test_that_one_end_takes_part_in_all_entries_proves_nothing(vantage: str | None) -> None:
    assert not is_of_host(called(sessions(OWN, ELSEWHERE), vantage))


def test_a_name_counts_as_far_as_the_entries_agree() -> None:
    assert is_of_host(called(sessions(OWN, ELSEWHERE), "client"))
    assert is_of_host(called(sessions(OWN, ELSEWHERE, WITH_ITSELF), "client"))
    assert not is_of_host(called(sessions(OWN, OF_OTHERS), "client"))


def test_a_host_with_several_addresses_is_known_by_its_own_sockets() -> None:
    second = session(client=Endpoint("10.7.0.1", 40_001), server=Endpoint("192.0.2.50", 22))
    log = called(sessions(OWN, second), "client")
    assert not is_of_host(log)
    own = sockets("ESTAB 0 0 10.0.0.1:40000 192.0.2.2:443", "ESTAB 0 0 10.7.0.1:40001 192.0.2.50:22", vantage="client")
    assert is_of_host(log, own)


def test_what_a_host_says_to_itself_passes_no_firewall() -> None:
    log = sessions(OWN, WITH_ITSELF)
    assert not is_of_host(log)
    assert not is_of_host(log, sockets("ESTAB 0 0 127.0.0.1:50999 127.0.0.1:5432"))
    assert is_of_host(log, sockets(LOOPBACK))


def test_the_users_word_decides() -> None:
    assert is_of_host(called(sessions(OWN, OF_OTHERS), "server", decided=True))
    assert not is_of_host(called(sessions(OWN, WITH_ITSELF), "edge", decided=True), sockets(LOOPBACK))


def test_a_hosts_own_table_says_nothing_of_what_a_firewall_saw() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    log = sessions(session("ESTABLISHED", unreplied=False, client=CLIENT, server=SERVER), ELSEWHERE)
    answers = {}
    for vantage in (None, "client"):
        diagnosis = network.diagnose(sessions=(called(log, vantage),))
        (target,) = diagnosis.targets
        answers[vantage] = {fact.kind.id: fact.known for fact in target.facts}["firewall-state"]
        assert bool([note for note in diagnosis.notes if "the client's own table" in note]) is (vantage is not None)
    assert answers == {None: True, "client": False}


def test_each_table_that_is_left_aside_is_named() -> None:
    (told,) = told_apart([called(sessions(OWN), "server")])
    assert told.startswith("firewall.conntrack.txt is taken for the server's own table")


def test_a_hosts_own_table_alone_still_shows_who_waits() -> None:
    later = session("ESTABLISHED", ms=9000, unreplied=False, server=Endpoint("192.0.2.50", 22))
    (target,) = diagnose(case(called(sessions(session(), later), "client"))).targets
    assert target.verdict.ruling is Ruling.OPEN
