from typing import Any

from msgspec.structs import replace

from bothways.connections.window import Window
from bothways.diagnosis.roles import Roles, Wanted
from bothways.diagnosis.scope import Scope, scope_of
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant
from tests.helpers.network import SERVER, START, Network, half_open, worked
from tests.helpers.packets import client_hello
from tests.helpers.surroundings import attempt, log, session, sessions

CONTROL = Endpoint("192.0.2.99", 443)


def scope(network: Network, *targets: Endpoint, **evidence: Any) -> Scope:
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


def test_in_a_log_an_address_whose_fate_is_unknown_gives_way_to_one_that_answers() -> None:
    tries = log(attempt(Told.UNKNOWN), attempt(Told.ANSWERED, address=CONTROL.address, line=20))
    assert servers(scope(Network("client"), attempts=(tries,))) == {CONTROL}


def test_in_a_log_that_begins_with_the_control_what_fails_is_the_target() -> None:
    tries = log(attempt(Told.ANSWERED, address=CONTROL.address), attempt(Told.STALLED, line=20))
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


def test_what_failed_in_a_log_is_a_target_where_all_that_was_captured_works() -> None:
    network = Network("client")
    worked(network.talk(server=CONTROL))
    for told, expected in ((Told.NO_CONNECTION, {SERVER, CONTROL}), (Told.ANSWERED, {CONTROL})):
        assert servers(scope(network, attempts=(log(attempt(told)),))) == expected


def test_beside_a_capture_at_whose_server_attempts_failed_others_in_the_log_are_controls() -> None:
    network = Network("client")
    worked(network.talk(server=CONTROL))
    tries = log(attempt(Told.STALLED), attempt(Told.STALLED, address=CONTROL.address, line=20))
    assert servers(scope(network, attempts=(tries,))) == {CONTROL}


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


def windowed(network: Network, since: float, until: float, **evidence: Any) -> Scope:
    """The scope of what began between two moments, in ms of the script."""
    window = Window(since=Instant(START + round(since * 10**6)), until=Instant(START + round(until * 10**6)))
    return scope_of(network.case(**evidence), network.exchanges(), Roles(), window)


def test_a_window_leaves_out_what_began_outside_and_counts_it() -> None:
    network = Network("client")
    for number in range(5):
        half_open(network.talk(start=number * 20_000), last="client")
    worked(network.talk(server=CONTROL, start=70_000))
    found = windowed(network, 15_000, 45_000)
    assert {key.server: len(members) for key, members in found.targets.items()} == {SERVER: 2}
    assert {key.server for key in found.neighbours} == {CONTROL}
    assert found.left_out == 4


def test_a_state_tables_targets_began_in_the_window_too() -> None:
    records = sessions(
        session(), session(ms=9000, server=CONTROL), session(ms=20_000, server=SERVER, state="TIME_WAIT")
    )
    network = Network("client")
    assert servers(windowed(network, 0, 5000, sessions=(records,))) == set()
    waiting = sessions(session(), session(ms=90_000, server=CONTROL, state="ESTABLISHED"))
    assert servers(windowed(network, 0, 5000, sessions=(waiting,))) == {SERVER}
    assert servers(windowed(network, 5000, 9000, sessions=(waiting,))) == set()


def test_a_target_may_be_named_by_the_name_that_clients_ask_for() -> None:
    network = Network("client")
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"))
    worked(network.talk(server=CONTROL, start=20_000))
    for host, expected in (("a.example", {SERVER}), ("b.example", set())):
        found = scope_of(network.case(), network.exchanges(), Roles(targets=(Wanted(host=host),)))
        assert servers(found) == expected


def test_a_target_may_be_named_by_the_name_that_only_a_log_has() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    case = network.case(attempts=(log(attempt(Told.STALLED)),))
    found = scope_of(case, network.exchanges(), Roles(targets=(Wanted(host="a.example", port=443),)))
    assert servers(found) == {SERVER}


def test_a_target_may_be_named_by_the_name_that_a_capture_itself_resolves() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    case = network.case()
    (capture,) = case.captures
    known = replace(capture, survey=replace(capture.survey, names=((SERVER.address, "a.example"),)))
    found = scope_of(replace(case, captures=(known,)), network.exchanges(), Roles(targets=(Wanted(host="a.example"),)))
    assert servers(found) == {SERVER}
