"""What a page says about one target."""

from msgspec.structs import replace

from bothways.diagnosis.model import Ruling
from bothways.facts.fact import Fact
from bothways.facts.health import HEALTH, Health
from bothways.report.part import part
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import Standing
from tests.helpers.diagnoses import BYPASSED, NOT_TAKEN, all_judged, target


def test_every_theory_of_the_catalogue_is_shown() -> None:
    rows = part(target(Ruling.CONFIRMED)).theories
    assert {row.id for row in rows} == {theory.id for theory in THEORIES} | {"unexplained"}


def test_a_dead_theory_shows_what_killed_it_and_where() -> None:
    dead = [row for row in part(target(Ruling.CONFIRMED)).theories if row.standing is Standing.ELIMINATED]
    assert dead
    for row in dead:
        (reason,) = (reason for reason in row.reasons if not reason.detail)
        assert reason.says == NOT_TAKEN.says
        assert reason.places == ("client.pcap frames 8, 11",)
        assert not reason.speaks_for


def test_standing_theories_come_first() -> None:
    rows = part(target(Ruling.CONFIRMED)).theories
    assert [row.id for row in rows[:2]] == ["asymmetric-bypass", "unexplained"]


def test_a_confirmed_theory_shows_its_proof_first() -> None:
    telling = Fact(kind=HEALTH, answer=Health.FAILED, says="they fail")
    confirmed = replace(all_judged("asymmetric-bypass")[0], in_favour=(telling, BYPASSED))
    (row,) = part(target(Ruling.CONFIRMED, judged=(confirmed,))).theories
    assert [reason.says for reason in row.reasons] == [BYPASSED.says, "they fail"]


def test_equal_reasons_are_not_said_twice() -> None:
    first, second, *_ = part(target(Ruling.OPEN)).theories
    assert not first.repeats
    assert second.repeats
    assert second.says.endswith("for the same reasons")
    dead = [row for row in part(target(Ruling.OPEN)).theories if row.standing is Standing.ELIMINATED]
    assert [row.says for row in dead] == ["eliminated"] + ["eliminated by the same"] * (len(dead) - 1)


def test_what_cannot_be_told_apart_is_said() -> None:
    said = part(target(Ruling.OPEN)).inseparable
    assert said == ("asymmetric-bypass and established-outbound-drop look the same in this evidence",)


def test_unknown_facts_keep_their_reason() -> None:
    (unknown,) = (fact for fact in part(target(Ruling.OPEN)).measured if not fact.known)
    assert unknown.asks == "Did the server send the RST?"
    assert unknown.says == "no capture at the server"


def test_one_measurement_is_told_once() -> None:
    twice = target(Ruling.OPEN, facts=(NOT_TAKEN, replace(NOT_TAKEN, kind=BYPASSED.kind)))
    assert len(part(twice).measured) == 1


def test_a_confirmed_fault_says_what_to_mend() -> None:
    assert "route both ways through the same stateful firewall" in part(target(Ruling.CONFIRMED)).to_do


def test_an_undetermined_target_says_what_to_record() -> None:
    assert "capture one whole attempt" in part(target(Ruling.UNDETERMINED)).to_do


def test_a_theory_of_a_later_catalogue_keeps_its_id() -> None:
    strange = replace(all_judged()[0], theory="new-cause")
    assert part(target(Ruling.OPEN, judged=(strange,))).theories[0].title == "new-cause"


def test_times_are_for_people() -> None:
    assert part(target(Ruling.OPEN)).when == "2027-01-15 08:00:00 UTC, for 24 s"
    assert part(target(Ruling.OPEN, first_seen=None)).when == ""
