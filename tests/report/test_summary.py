"""The one sentence of a verdict."""

import pytest
from msgspec.structs import replace

from bothways.diagnosis.model import Answer, HopName, Ruling, SignatureCount, Where
from bothways.facts.fact import Fact
from bothways.facts.health import HEALTH, Health
from bothways.report.summary import headline, looked_at, summary, where
from bothways.theories.catalogue import THEORIES
from bothways.way import Way
from tests.helpers.diagnoses import SOMEWHERE, diagnosis, target, with_verdict


def test_confirmed_says_who_cannot_reach_what_and_why() -> None:
    said = summary(target(Ruling.CONFIRMED))
    assert said.startswith("Confirmed: fonts.example.net (203.0.113.2:443) times out from 10.65.238.0/24 because ")
    assert "comes back around the stateful firewall" in said
    assert said.endswith(".")


def test_open_says_that_the_evidence_does_not_tell_them_apart() -> None:
    said = summary(target(Ruling.OPEN))
    assert "; 2 causes are possible and this evidence does not tell them apart: " in said
    assert said.endswith("the way back skips the stateful firewall or a rule drops packets of established connections.")


def test_open_claims_no_likeness_that_was_not_computed() -> None:
    assert "tell them apart" not in summary(target(Ruling.OPEN, inseparable=()))


def test_a_sentence_holds_only_so_many_causes() -> None:
    many = tuple(theory.id for theory in THEORIES)
    said = summary(with_verdict(target(Ruling.OPEN), possible=many))
    assert f"; {len(many)} causes are possible: " in said
    assert said.endswith(f" or one of {len(many) - 3} more.")


def test_a_single_possible_cause_is_not_proven_by_being_alone() -> None:
    said = summary(with_verdict(target(Ruling.OPEN), possible=("asymmetric-bypass", "unexplained")))
    assert "the only known cause left is not proven by this evidence: the way back skips" in said
    assert said.endswith(", and an unknown cause is possible too.")


def test_an_unknown_cause_that_is_likelier_comes_first() -> None:
    said = summary(with_verdict(target(Ruling.OPEN), possible=("unexplained", "asymmetric-bypass")))
    assert "a cause that bothways does not know is likelier than any known one" in said
    assert said.endswith("(nearest known: the way back skips the stateful firewall).")


def test_when_nothing_fits_that_is_said() -> None:
    said = summary(with_verdict(target(Ruling.OPEN), possible=("unexplained",)))
    assert "none of the" in said
    assert "explains what was seen" in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.SILENT, "times out"),
        (Answer.RESET, "is reset"),
        (Answer.ICMP, "is reported unreachable"),
        (None, "fails"),
    ],
)
def test_the_way_of_failing_has_its_verb(answer: Answer | None, words: str) -> None:
    assert f"(203.0.113.2:443) {words} from" in summary(with_verdict(target(Ruling.OPEN), answer=answer))


def test_a_reset_that_answers_the_syn_is_a_refusal() -> None:
    refused = SignatureCount(history="Sr", outcome="refused", connections=9, example="client.pcap frame 1")
    said = summary(with_verdict(target(Ruling.OPEN, signatures=(refused,)), answer=Answer.RESET))
    assert "is refused from" in said


def test_some_failures_among_many_connections_are_counted() -> None:
    assert " in 3 of 8 connections" in summary(target(Ruling.OPEN, failed=3, censored=1))


def test_a_target_that_works_and_loses_packets_does_not_fail() -> None:
    suffers = Fact(kind=HEALTH, answer=Health.DEGRADED, says="5 % had to be repeated")
    said = summary(with_verdict(target(Ruling.OPEN, facts=(suffers,)), answer=None))
    assert "works from 10.65.238.0/24, but loses packets" in said


def test_healthy_counts_what_worked() -> None:
    assert summary(target(Ruling.HEALTHY)).endswith(" works from 10.65.238.0/24: all 9 connections did their work.")
    assert summary(target(Ruling.HEALTHY, seen=1)).endswith(": its one connection did its work.")


def test_undetermined_says_why_no_failure_is_not_enough() -> None:
    said = summary(target(Ruling.UNDETERMINED, censored=9))
    assert "no failure of fonts.example.net (203.0.113.2:443) was seen" in said
    assert "all 9 connections were cut off by the capture or given up too soon to tell" in said


def test_without_any_target_it_says_what_was_looked_at() -> None:
    said = headline(diagnosis())
    assert said == "Undetermined: no connection that can be judged was seen in 1 capture and 1 not understood."


def test_the_headline_is_that_of_the_worst_target() -> None:
    worst = target(Ruling.CONFIRMED)
    assert headline(diagnosis(worst, target(Ruling.HEALTHY))) == summary(worst)


def test_several_healthy_targets_are_one_sentence() -> None:
    assert headline(diagnosis(target(Ruling.HEALTHY), target(Ruling.HEALTHY))) == "Healthy: both targets work."
    three = [target(Ruling.HEALTHY)] * 3
    assert headline(diagnosis(*three)) == "Healthy: all 3 targets work."


def test_a_target_without_name_or_client_is_its_address() -> None:
    said = summary(target(Ruling.HEALTHY, name=None, client=""))
    assert said.startswith("Healthy: 203.0.113.2:443 works:")


def test_the_place_names_the_hop() -> None:
    assert where(SOMEWHERE) == (
        "lost on the way there, between firewall-inside (still seen) and firewall-outside (no longer): "
        "at hop 3, fw.campus.example (10.0.0.1)"
    )


def test_several_hops_are_a_stretch_not_a_culprit() -> None:
    hops = (*SOMEWHERE.hops, *(HopName(name=None, address="10.0.0.9", index=index) for index in (4, 5)))
    assert where(replace(SOMEWHERE, hops=hops[:2])).endswith(
        "at hop 3, fw.campus.example (10.0.0.1) or hop 4, 10.0.0.9"
    )
    assert where(replace(SOMEWHERE, hops=hops)).endswith(
        "somewhere from hop 3, fw.campus.example (10.0.0.1) to hop 5, 10.0.0.9"
    )


def test_a_device_that_no_path_shows_has_no_number() -> None:
    place = Where(
        way=Way.THERE, last_seen="a", first_missing="b", hops=(HopName(name=None, address="10.0.0.7", index=0),)
    )
    assert where(place).endswith(": at 10.0.0.7")


def test_no_files_are_no_files() -> None:
    assert looked_at(()) == "no files"
