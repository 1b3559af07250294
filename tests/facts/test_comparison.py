import pytest
from msgspec.structs import replace

from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.endpoint import Endpoint
from bothways.facts.comparison import Fares, Siblings, same_address_otherwise, same_name_elsewhere, siblings
from bothways.facts.subject import Neighbour, Subject
from bothways.unknown import Unknown
from tests.helpers.network import SERVER, Network, half_open, worked
from tests.helpers.surroundings import attempt, log

ELSEWHERE = Endpoint("192.0.2.99", 443)
PLAIN = Endpoint("192.0.2.2", 80)


def beside(server: Endpoint, *, works: bool, name: str = "a.example", told: Told | None = None) -> Subject:
    """A half-open connection to the usual server, and what happens at *server*."""
    network = Network("client")
    half_open(network.talk(), last="client")
    other = network.talk(server=server, start=20_000)
    if works:
        worked(other)
    else:
        half_open(other, last="client")
    exchanges = tuple(item for item in network.exchanges() if item.server == server)
    attempts = (log(attempt(told, address=server.address, port=server.port)),) if told else ()
    neighbour = Neighbour(server=server, name=name, exchanges=exchanges)
    return network.subject(name="a.example", neighbours=(neighbour,), attempts=attempts)


def test_where_others_went_on_out_of_view_not_all_failed() -> None:
    network = Network("client")
    for number in range(3):
        talk = network.talk(port=42_000 + number)
        for ms in (0, 1000, 3000):
            talk.there(ms, "S")
    network.talk(start=200).there(0, "S")
    network.idle(20_000)
    connections = network.exchanges()
    unseen = tuple(item for item in connections if not item.outcome.failed)
    failed = tuple(item for item in connections if item.outcome.failed)
    alone = network.subject(exemplars=failed, connections=failed)
    assert siblings(alone).answer is Siblings.ALL_FAIL
    assert isinstance(siblings(replace(alone, unseen=unseen)).answer, Unknown)


def test_the_same_name_at_another_address_works_or_fails_alike() -> None:
    works = same_name_elsewhere(beside(ELSEWHERE, works=True))
    assert works.answer is Fares.WORKS
    assert works.cites[0].frame
    assert same_name_elsewhere(beside(ELSEWHERE, works=False)).answer is Fares.FAILS_ALIKE


def test_of_a_connection_that_was_made_another_port_at_another_address_tells_nothing() -> None:
    elsewhere = ELSEWHERE._replace(port=80)
    assert isinstance(same_name_elsewhere(beside(elsewhere, works=True)).answer, Unknown)
    network = Network("client")
    network.talk().there(0, "S")
    network.talk().there(1000, "S")
    network.idle(20_000)
    tries = log(attempt(Told.ANSWERED, address=elsewhere.address, port=elsewhere.port))
    assert same_name_elsewhere(network.subject(name="a.example", attempts=(tries,))).answer is Fares.WORKS


def test_another_name_at_another_address_compares_nothing() -> None:
    assert isinstance(same_name_elsewhere(beside(ELSEWHERE, works=True, name="b.example")).answer, Unknown)
    assert isinstance(same_address_otherwise(beside(ELSEWHERE, works=True)).answer, Unknown)


def test_a_target_without_a_name_has_no_same_name() -> None:
    assert "not known" in getattr(same_name_elsewhere(Network("client").subject()).answer, "why", "")


def test_the_same_address_on_another_port_works_or_fails_alike() -> None:
    assert same_address_otherwise(beside(PLAIN, works=True)).answer is Fares.WORKS
    fact = same_address_otherwise(beside(PLAIN, works=False))
    assert fact.answer is Fares.FAILS_ALIKE
    assert "port 80" in fact.says


def test_another_name_at_the_same_port_is_the_same_address_otherwise() -> None:
    assert same_address_otherwise(beside(SERVER, works=True, name="b.example")).answer is not None


def test_one_success_outweighs_failures() -> None:
    assert same_name_elsewhere(beside(ELSEWHERE, works=False, told=Told.ANSWERED)).answer is Fares.WORKS


@pytest.mark.parametrize("told", [Told.STALLED])
def test_a_programs_stall_is_alike_to_every_stall_on_the_wire(told: Told) -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    subject = network.subject(name="a.example", attempts=(log(attempt(told, address="192.0.2.99")),))
    assert same_name_elsewhere(subject).answer is Fares.FAILS_ALIKE


@pytest.mark.parametrize("told", [Told.REFUSED, Told.NO_CONNECTION, Told.UNREACHABLE, Told.UNKNOWN])
def test_another_way_of_failing_is_not_alike(told: Told) -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    subject = network.subject(name="a.example", attempts=(log(attempt(told, address="192.0.2.99")),))
    assert isinstance(same_name_elsewhere(subject).answer, Unknown)


def test_logs_alone_can_be_compared_too() -> None:
    tries = log(attempt(Told.NO_CONNECTION), attempt(Told.ANSWERED, line=20, address="192.0.2.99"))
    fact = same_name_elsewhere(Network("client").subject(name="a.example", attempts=(tries,)))
    assert fact.answer is Fares.WORKS
    assert fact.cites[0].line == 25
    other_port = log(attempt(Told.NO_CONNECTION), attempt(Told.NO_CONNECTION, line=20, port=80))
    alike = same_address_otherwise(Network("client").subject(name="a.example", attempts=(other_port,)))
    assert alike.answer is Fares.FAILS_ALIKE


# --- siblings ---


def test_a_sibling_that_was_taken_meanwhile_is_known() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    worked(network.talk(start=500))
    assert siblings(network.subject()).answer is Siblings.TAKEN_BESIDE


def test_a_sibling_taken_long_before_says_nothing() -> None:
    network = Network("client")
    worked(network.talk())
    half_open(network.talk(start=60_000), last="client")
    assert isinstance(siblings(network.subject()).answer, Unknown)


def test_three_failures_and_nothing_else_are_all() -> None:
    network = Network("client")
    for number in range(3):
        half_open(network.talk(start=number * 100), last="client")
    fact = siblings(network.subject())
    assert fact.answer is Siblings.ALL_FAIL
    assert "all 3" in fact.says


def test_two_failures_are_too_few() -> None:
    network = Network("client")
    for number in range(2):
        half_open(network.talk(start=number * 100), last="client")
    assert isinstance(siblings(network.subject()).answer, Unknown)


def test_connections_that_no_observer_saw_both_of_are_not_at_the_same_time() -> None:
    network = Network("client", "server")
    half_open(network.talk(), last="client")
    at_client, at_server = network.frames["client"].copy(), len(network.frames["server"])
    worked(network.talk(start=500))
    network.frames["client"] = at_client
    network.frames["server"] = network.frames["server"][at_server:]
    assert isinstance(siblings(network.subject()).answer, Unknown)
