from typing import Any

import pytest
from msgspec.structs import replace

from bothways.diagnosis.model import Answer, Finding, Ruling, TargetDiagnosis
from bothways.diagnosis.shared import MANY, of_one_cause, what_they_share
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant
from tests.helpers.diagnoses import target, with_verdict


def failing(*servers: tuple[str, int], answer: Answer = Answer.SILENT, **changes: Any) -> list[TargetDiagnosis]:
    return [with_verdict(target(Ruling.OPEN, server=Endpoint(*server), **changes), answer=answer) for server in servers]


def working(*servers: tuple[str, int], **changes: Any) -> list[TargetDiagnosis]:
    return [target(Ruling.HEALTHY, server=Endpoint(*server), **changes) for server in servers]


ONE_NETWORK = [("203.0.113.2", 443), ("203.0.113.3", 80), ("203.0.113.4", 443)]


@pytest.mark.parametrize(
    ("bad", "good", "says"),
    [
        (ONE_NETWORK, ("198.51.100.1", 443), "in 203.0.113.0/24"),
        ([("203.0.113.2", number) for number in (80, 443, 22)], ("203.0.113.3", 80), "of the server 203.0.113.2"),
        ([(f"203.{number}.113.2", 443) for number in range(3)], ("203.0.113.9", 80), "on port 443"),
        ([(f"2001:db8:{number}::2", 443 + number) for number in range(3)], ("203.0.113.9", 443), "IPv6"),
    ],
)
def test_what_all_failing_targets_share_and_no_working_one_does(
    bad: list[tuple[str, int]], good: tuple[str, int], says: str
) -> None:
    said = what_they_share([*failing(*bad), *working(good)])
    assert said == f"all 3 targets that time out are {says}, and none that works is"


def test_what_a_working_target_shares_too_tells_nothing() -> None:
    assert what_they_share([*failing(*ONE_NETWORK), *working(("203.0.113.9", 443), ("2001:db8::1", 80))]) is None


def test_without_a_working_target_there_is_nothing_to_compare_with() -> None:
    assert what_they_share(failing(*ONE_NETWORK)) is None
    assert what_they_share([*failing(*ONE_NETWORK), *working(("198.51.100.1", 80), client="10.9.9.0/24")]) is None


def test_two_failing_targets_may_share_anything_by_chance() -> None:
    assert what_they_share([*failing(*ONE_NETWORK[: MANY - 1]), *working(("198.51.100.1", 80))]) is None


def test_the_largest_group_that_fails_alike_is_spoken_of() -> None:
    refused = failing(("198.51.100.7", 22), answer=Answer.RESET)
    said = what_they_share([*refused, *failing(*ONE_NETWORK), *working(("198.51.100.1", 80))])
    assert said is not None
    assert said.startswith("all 3 targets that time out are in 203.0.113.0/24")


def found(*servers: tuple[str, int], cause: str, since: int = 0) -> list[TargetDiagnosis]:
    """Targets of one confirmed cause, each begun a second after the one before."""
    made = []
    for number, server in enumerate(servers):
        one = target(Ruling.CONFIRMED, id=str(server), server=Endpoint(*server), name=None)
        finding = Finding(
            verdict=replace(one.verdict, theory=cause, possible=(cause,)),
            signatures=(),
            connections=1,
            first_seen=Instant((1_700_000_000 + since + number) * 10**9),
            last_seen=None,
            worked_before=0,
            worked_after=0,
            worked=0,
            differences=(),
            judged=(),
            inseparable=(),
            next=(),
            facts=(),
        )
        made.append(replace(one, findings=(finding,)))
    return made


def test_one_cause_of_several_targets_is_one_sentence_with_what_they_share_and_since_when() -> None:
    blocked = found(*ONE_NETWORK, cause="destination-blocked")
    closed = found(*((f"198.51.{n}.7", 22) for n in range(4)), cause="port-closed", since=60)
    assert of_one_cause([*blocked, *closed]) == (
        "4 targets fail by one cause (port-closed), all IPv4 and on port 22, since 2023-11-14 22:14:20 UTC",
        "3 targets fail by one cause (destination-blocked), all in 203.0.113.0/24, since 2023-11-14 22:13:20 UTC",
    )


def test_two_targets_of_one_cause_are_no_pattern() -> None:
    assert of_one_cause(found(*ONE_NETWORK[:2], cause="destination-blocked")) == ()
