from bothways.diagnosis.roles import Roles, Wanted
from bothways.diagnosis.scope import Scope, scope_of
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.endpoint import Endpoint
from tests.helpers.network import SERVER, Network, half_open, worked
from tests.helpers.surroundings import attempt, log, session, sessions

CONTROL = Endpoint("192.0.2.99", 443)


def scope(network: Network, *targets: Endpoint, **evidence: object) -> Scope:
    case = network.case(**evidence)
    wanted = tuple(Wanted(host=one.address, port=one.port) for one in targets)
    return scope_of(case, network.exchanges(), Roles(targets=wanted))


def servers(found: Scope) -> set[Endpoint]:
    return {key.server for key in found.targets}


def test_what_was_captured_is_a_target() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    worked(network.talk(server=CONTROL, start=20_000))
    assert servers(scope(network)) == {SERVER, CONTROL}


def test_probes_alone_are_no_target() -> None:
    network = Network("client")
    network.talk().there(0, "S", ttl=3)
    assert servers(scope(network)) == set()


def test_the_users_target_limits_and_the_rest_serves_as_control() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    worked(network.talk(server=CONTROL, start=20_000))
    limited = scope(network, Endpoint(SERVER.address, 0))
    assert servers(limited) == {SERVER}
    assert {key.server for key in limited.neighbours} == {CONTROL}
    assert servers(scope(network, Endpoint(SERVER.address, 80))) == set()


def test_in_a_log_the_first_address_of_a_name_is_the_target_and_others_are_controls() -> None:
    tries = log(attempt(Told.STALLED), attempt(Told.ANSWERED, address=CONTROL.address, line=20))
    found = scope(Network("client"), attempts=(tries,))
    assert servers(found) == {SERVER}
    assert found.controls == {CONTROL.address}


def test_controls_of_a_log_are_never_targets_beside_a_capture() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    tries = log(attempt(Told.STALLED, address=CONTROL.address), attempt(Told.STALLED, line=20))
    found = scope(network, attempts=(tries,))
    assert servers(found) == {SERVER}
    assert CONTROL.address in found.controls


def test_another_port_of_a_captured_address_that_only_a_log_knows_is_a_target_too() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    found = scope(network, attempts=(log(attempt(Told.STALLED, port=80)),))
    assert servers(found) == {SERVER, SERVER._replace(port=80)}


def test_a_try_without_an_address_is_no_target() -> None:
    assert servers(scope(Network("client"), attempts=(log(attempt(Told.STALLED, address=None)),))) == set()


def test_a_state_table_tells_of_targets_where_nothing_else_does() -> None:
    records = sessions(session(), session(ms=9000, server=CONTROL))
    assert servers(scope(Network("client"), sessions=(records,))) == {SERVER}
    network = Network("client")
    worked(network.talk(server=CONTROL))
    assert servers(scope(network, sessions=(records,))) == {CONTROL}
