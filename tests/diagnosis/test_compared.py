"""What a log calls made for comparison tells of the target and is no target itself."""

from typing import Any

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.roles import Roles, Wanted
from bothways.diagnosis.scope import scope_of
from bothways.evidence.attempt import Attempt, AttemptLog, Outcome, Said
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, Fares
from tests.helpers.checked import CONTROL, SERVER, SITE, attempt
from tests.helpers.network import CLIENT, Network, half_open, worked

OTHER = "control.example.net"


def log(*attempts: Attempt) -> AttemptLog:
    return AttemptLog(file="check.jsonl", attempts=attempts)


def otherwise(outcome: Outcome = Outcome.ANSWERED, **more: Any) -> Attempt:
    told = {"control": True, "name": OTHER, "said": Said.OTHER_HELLO, "said_name": OTHER, "source": None}
    return attempt(outcome, **{**told, **more})


def servers(case: Case, *wanted: Wanted) -> list[tuple[Endpoint, str | None]]:
    return [(target.server, target.name) for target in diagnose(case, Roles(targets=wanted)).targets]


def test_attempts_for_comparison_are_no_targets() -> None:
    case = Case(files=(), attempts=(log(attempt(), otherwise(), otherwise(Outcome.STALLED, address=CONTROL.address)),))
    assert servers(case) == [(SERVER, SITE)]


def test_the_user_may_ask_about_what_was_tried_for_comparison() -> None:
    case = Case(files=(), attempts=(log(attempt(), otherwise(Outcome.STALLED, address=CONTROL.address)),))
    assert servers(case, Wanted(host=CONTROL.address)) == [(CONTROL, OTHER)]


def test_another_name_at_the_same_address_is_compared_without_any_capture() -> None:
    case = Case(files=(), attempts=(log(attempt(), otherwise()),))
    (target,) = diagnose(case).targets
    fact = next(fact for fact in target.facts if fact.kind is SAME_ADDRESS_OTHERWISE)
    assert fact.answer is Fares.WORKS
    assert fact.says == f"{SERVER.address} on port 443 under the name {OTHER} works"


def test_a_captured_connection_that_said_another_name_stands_beside_the_target() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    talk = network.talk(start=20_000, port=40_001)
    worked(talk)
    server = network.exchanges()[0].server
    mine = attempt(address=server.address, port=server.port, source=Endpoint(CLIENT.address, CLIENT.port))
    nameless = otherwise(
        address=server.address,
        port=server.port,
        name=None,
        said=Said.NAMELESS_HELLO,
        said_name=None,
        source=Endpoint(CLIENT.address, 40_001),
    )
    found = scope_of(network.case(attempts=(log(mine, nameless),)), network.exchanges(), Roles())
    (key,) = found.targets
    assert len(found.targets[key]) == 1
    assert [(other.server, other.name) for other in found.neighbours] == [(server, "")]


def test_a_captured_control_is_no_target_though_it_fails() -> None:
    network = Network("client")
    half_open(network.talk(), last="client")
    half_open(network.talk(server=CONTROL, start=20_000), last="client")
    tried = log(otherwise(Outcome.STALLED, address=CONTROL.address))
    found = scope_of(network.case(attempts=(tried,)), network.exchanges(), Roles())
    assert CONTROL not in {key.server for key in found.targets}
    assert CONTROL in {key.server for key in found.neighbours}


def test_a_target_may_be_asked_about_under_one_name() -> None:
    one = Wanted(host=SERVER.address, port=443, name=SITE)
    assert [one.covers(SERVER, name) for name in (SITE, "", OTHER)] == [True, True, False]
