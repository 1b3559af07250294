"""The course of a check, played against a network on paper: what is tried, compared and traced, and for how long."""

from collections.abc import Mapping, Sequence

import pytest

from bothways.check.budget import BUDGETS, Depth
from bothways.check.course import Course
from bothways.check.made import Made
from bothways.check.target import target_of
from bothways.check.trial import Purpose, Trial
from bothways.check.wish import Wish
from bothways.evidence.probing import Sends
from bothways.units import SECOND
from tests.helpers.scripted_check import (
    ANSWERED,
    REFUSED,
    STALLED,
    UNANSWERED,
    Fate,
    Script,
    ScriptedNetwork,
)

SITE, SERVER, MIRROR = "www.example.net", "192.0.2.1", "203.0.113.9"
ADDRESSES = {SITE: (SERVER,)}


class Notes:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self, stage: object, doing: str) -> None:
        """Nothing is kept of that."""

    def end(self, says: str) -> None:
        """Kept."""
        self.said.append(says)


def play(
    script: Script,
    *,
    depth: Depth = Depth.USUAL,
    addresses: Mapping[str, Sequence[str]] | None = None,
    controls: tuple[str, ...] = (MIRROR,),
    unreachable: tuple[str, ...] = (),
) -> tuple[Made, ScriptedNetwork, float]:
    network = ScriptedNetwork(script, addresses=addresses or ADDRESSES, unreachable=unreachable)
    began = network.now()
    made = Course(Wish(targets=(target_of(SITE),), controls=controls, depth=depth), network, Notes()).run()
    return made, network, (network.now() - began) / SECOND


def purposes(network: ScriptedNetwork) -> set[Purpose]:
    return {one.trial.purpose for one in network.begun}


def to_target(trial: Trial, otherwise: Fate) -> Fate:
    return otherwise if trial.server.address == SERVER else ANSWERED


def test_a_healthy_target_takes_no_longer_than_its_answers_and_is_compared_with_nothing() -> None:
    _, network, took = play(lambda *_: ANSWERED)
    assert took < 1
    assert purposes(network) == {Purpose.REAL, Purpose.OTHER_SOURCE_PORT, Purpose.LARGE_REQUEST}
    assert not network.traces


def test_a_healthy_target_that_is_looked_into_deeply_is_waited_for_no_longer_either() -> None:
    _, _, took = play(lambda *_: ANSWERED, depth=Depth.DEEP)
    assert took < BUDGETS[Depth.DEEP].hold / SECOND


@pytest.mark.parametrize("fate", [STALLED, UNANSWERED, REFUSED], ids=["stalled", "unanswered", "refused"])
@pytest.mark.parametrize("depth", Depth)
def test_no_check_outlasts_its_budget(depth: Depth, fate: Fate) -> None:
    _, _, took = play(lambda trial, _: to_target(trial, fate), depth=depth)
    assert took <= BUDGETS[depth].hold / SECOND + 0.5


def test_a_stalled_connection_is_held_open_and_traced_from_inside() -> None:
    _, network, took = play(lambda trial, _: to_target(trial, STALLED))
    assert took == pytest.approx(8, abs=0.2)
    inside = [(trace, held) for trace, held in network.traces if trace.sends in {Sends.INSIDE_SYN, Sends.INSIDE_ACK}]
    assert len(inside) == 2
    assert all(held is not None and held.tried().local is not None for _, held in inside)
    assert {trace.source_port for trace, _ in inside} == {40_000}


def test_a_stray_ack_is_sent_to_the_control_too_where_the_target_stalls() -> None:
    _, network, _ = play(lambda trial, _: to_target(trial, STALLED))
    stray = {trace.server.address for trace, _ in network.traces if trace.sends is Sends.STRAY_ACK}
    assert stray == {SERVER, MIRROR}


def test_no_stray_ack_is_sent_where_no_syn_was_answered() -> None:
    _, network, _ = play(lambda trial, _: to_target(trial, UNANSWERED))
    kinds = {(trace.sends, trace.server.address) for trace, _ in network.traces}
    assert kinds == {(Sends.SYN, SERVER), (Sends.UDP, SERVER), (Sends.SYN, MIRROR)}


def test_a_refusal_is_not_waited_out() -> None:
    _, network, took = play(lambda trial, _: to_target(trial, REFUSED))
    assert took < 4
    assert (Sends.SYN, SERVER) in {(trace.sends, trace.server.address) for trace, _ in network.traces}


def test_the_control_is_asked_for_the_targets_name() -> None:
    _, network, _ = play(lambda trial, _: to_target(trial, STALLED))
    (elsewhere,) = (one.trial for one in network.begun if one.trial.purpose is Purpose.ELSEWHERE)
    assert (elsewhere.server, elsewhere.name) == ((MIRROR, 443), SITE)


def test_the_same_address_is_asked_under_another_name_and_none_and_with_small_segments_and_at_its_other_port() -> None:
    _, network, _ = play(lambda trial, _: to_target(trial, STALLED))
    beside = {one.trial.purpose: one.trial for one in network.begun}
    assert beside[Purpose.OTHER_NAME].name not in {None, SITE}
    assert beside[Purpose.NO_NAME].name is None
    assert beside[Purpose.SMALL_SEGMENTS].small
    assert beside[Purpose.OTHER_PORT].server == (SERVER, 80)


def test_ports_of_a_broken_path_are_tried_again_together_with_those_of_a_sound_one() -> None:
    _, network, took = play(lambda trial, port: to_target(trial, STALLED if port % 2 else ANSWERED))
    again = [one.port for one in network.begun if one.trial.purpose is Purpose.SAME_SOURCE_PORT]
    assert len(again) == len(set(again)) == 12
    assert sum(port % 2 for port in again) == 6
    assert took <= 8.5


def test_a_large_request_that_alone_fails_is_compared_as_it_is_and_blames_no_port() -> None:
    _, network, _ = play(lambda trial, _: STALLED if trial.padding and not trial.small else ANSWERED)
    (small,) = (one.trial for one in network.begun if one.trial.purpose is Purpose.SMALL_SEGMENTS)
    assert small.padding
    assert Purpose.SAME_SOURCE_PORT not in purposes(network)
    assert sum(one.trial.purpose is Purpose.OTHER_SOURCE_PORT for one in network.begun) == 5


def test_ports_that_all_fail_are_not_tried_again() -> None:
    _, network, _ = play(lambda trial, _: to_target(trial, STALLED))
    assert Purpose.SAME_SOURCE_PORT not in purposes(network)


def test_every_address_of_a_name_is_a_target_but_those_without_a_route() -> None:
    addresses = {SITE: (SERVER, "192.0.2.2", "2001:db8::1")}
    made, network, _ = play(lambda *_: ANSWERED, addresses=addresses, unreachable=("2001:db8::1",))
    real = {one.trial.server.address for one in network.begun if one.trial.purpose is Purpose.REAL}
    assert real == {SERVER, "192.0.2.2"}
    assert made.found[0].roads[-1].why


def test_a_name_without_addresses_ends_the_check_before_anything_is_sent() -> None:
    made, network, _ = play(lambda *_: ANSWERED, addresses={"other.example": (SERVER,)}, controls=())
    assert not network.begun
    assert made.found[0].looked.why == "Name or service not known"


def test_only_targets_and_controls_are_watched() -> None:
    _, network, _ = play(lambda *_: ANSWERED)
    assert network.watched == (SERVER, MIRROR)


def test_no_more_is_sent_to_many_failing_addresses_than_to_three() -> None:
    addresses = {SITE: tuple(f"192.0.2.{number}" for number in range(1, 12))}
    _, network, _ = play(lambda *_: STALLED, addresses=addresses)
    assert len({one.trial.server for one in network.begun if one.trial.purpose is Purpose.REAL}) == 8
    assert len({one.trial.server for one in network.begun if one.trial.purpose is Purpose.SMALL_SEGMENTS}) == 3
