from hypothesis import given
from msgspec.structs import replace

from bothways.facts.fact import Fact, unknown
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import proof
from bothways.verdict.standing import Standing, Weighed, eliminating, judge, proven
from bothways.verdict.weighing import likelihood
from bothways.verdict.weights import CONFIRMED_FROM, DECISIVE_RATIO
from tests.helpers.little_theories import (
    ALL,
    ARRIVES,
    COUNTS,
    FIRST,
    MEASURED,
    SECOND,
    SHOWN,
    THIRD,
    TTL,
    A,
    N,
    Reply,
    U,
    fact,
    theory,
)


def standing(weighed: Weighed, name: str) -> Standing:
    return next(item.standing for item in weighed.judged if item.theory == name)


def test_proof_probability_and_a_decisive_fact_against_every_rival_confirm() -> None:
    weighed = judge(ALL, SHOWN)
    assert weighed.confirmed == FIRST.id
    assert weighed.possible == (FIRST.id,)
    assert standing(weighed, SECOND.id) is Standing.POSSIBLE
    assert standing(weighed, THIRD.id) is Standing.ELIMINATED


def test_without_a_proof_nothing_is_confirmed_however_likely() -> None:
    unproven = replace(FIRST, proofs=(proof((TTL, Reply.YES)),))
    weighed = judge((unproven, SECOND, THIRD), SHOWN)
    assert next(item.probability for item in weighed.judged if item.theory == FIRST.id) > 0.8
    assert weighed.confirmed is None


def test_a_rival_that_no_fact_settles_prevents_a_confirmation() -> None:
    twin = replace(SECOND, expects=FIRST.expects, proofs=())
    assert judge((FIRST, twin, THIRD), SHOWN).confirmed is None


def test_an_eliminated_rival_prevents_nothing() -> None:
    rival = theory("established-outbound-drop", counts=N)
    assert judge((FIRST, rival), SHOWN).confirmed == FIRST.id


def test_a_proof_by_an_unsure_observer_is_none() -> None:
    unsure = [fact(ARRIVES, Reply.NO, sure=False), *SHOWN[1:]]
    assert proven(FIRST, SHOWN)
    assert not proven(FIRST, unsure)
    assert judge(ALL, unsure).confirmed is None


def test_a_proof_by_what_must_not_decide_is_none() -> None:
    assert not proven(FIRST, [fact(ARRIVES, Reply.NO, decisive=False), fact(COUNTS)])


def test_half_a_proof_is_none() -> None:
    assert not proven(FIRST, SHOWN[:1])
    assert not proven(FIRST, [SHOWN[0], unknown(COUNTS, "why")])


def test_ttls_never_settle_and_never_eliminate() -> None:
    one = theory("asymmetric-bypass", ttl=A, proofs=(proof((TTL, Reply.YES)),))
    other = theory("established-outbound-drop", ttl=N)
    weighed = judge((one, other), [fact(TTL)])
    assert weighed.confirmed is None
    assert standing(weighed, other.id) is Standing.POSSIBLE


def test_never_eliminates_where_the_observer_is_sure() -> None:
    assert [item.kind for item in eliminating(THIRD, SHOWN)] == [ARRIVES]


def test_never_of_an_unsure_observer_does_not_eliminate() -> None:
    unsure = [fact(ARRIVES, Reply.NO, sure=False)]
    assert eliminating(THIRD, unsure) == ()
    assert standing(judge(ALL, unsure), THIRD.id) is Standing.POSSIBLE


def test_elimination_is_logic_and_needs_no_small_probability() -> None:
    sole = theory("accept-queue-overflow", arrives=A)
    weighed = judge((sole,), [fact(ARRIVES, Reply.NO)])
    assert standing(weighed, sole.id) is Standing.ELIMINATED
    assert standing(weighed, UNEXPLAINED) is Standing.POSSIBLE


def test_where_all_are_eliminated_the_unexplained_is_left_with_what_killed_each() -> None:
    weighed = judge((FIRST, THIRD), [fact(ARRIVES, Reply.NO), fact(COUNTS, Reply.NO)])
    assert weighed.confirmed is None
    assert weighed.possible == (UNEXPLAINED,)
    kills = {item.theory: [fact.kind.id for fact in item.against] for item in weighed.judged}
    assert kills[FIRST.id] == ["counts"]
    assert kills[THIRD.id] == ["arrives"]


def test_where_nothing_is_confirmed_the_unexplained_is_always_possible() -> None:
    weighed = judge(ALL, SHOWN[:1])
    assert weighed.possible[:2] == (FIRST.id, SECOND.id)
    assert UNEXPLAINED in weighed.possible


def test_the_unexplained_is_never_confirmed() -> None:
    assert judge((), SHOWN).possible == (UNEXPLAINED,)
    assert judge((), SHOWN).confirmed is None


def test_facts_in_favour_are_those_that_another_theory_finds_unlikely_the_most_telling_first() -> None:
    first = next(item for item in judge(ALL, SHOWN[:2]).judged if item.theory == FIRST.id)
    assert [item.kind.id for item in first.in_favour] == ["arrives", "counts"]
    assert first.against == ()


def test_what_everybody_expects_is_in_nobodys_favour() -> None:
    both = (theory("asymmetric-bypass", counts=U), theory("established-outbound-drop", counts=U))
    assert all(item.in_favour == () for item in judge(both, [fact(COUNTS)]).judged)


def test_facts_against_are_told_the_killing_ones_first() -> None:
    mixed = theory("asymmetric-bypass", counts=U, arrives=A)
    (item,) = (
        item
        for item in judge((mixed,), [fact(COUNTS, Reply.NO), fact(ARRIVES, Reply.NO)]).judged
        if item.theory == mixed.id
    )
    assert [against.kind.id for against in item.against] == ["arrives", "counts"]


@given(MEASURED)
def test_whatever_is_confirmed_has_a_proof_and_beats_every_rival_that_stands(facts: list[Fact]) -> None:
    weighed = judge(THEORIES, facts)
    probabilities = [item.probability for item in weighed.judged]
    assert probabilities == sorted(probabilities, reverse=True)
    if weighed.confirmed is None:
        return
    known = {theory.id: theory for theory in THEORIES}
    chosen = known[weighed.confirmed]
    assert proven(chosen, facts)
    assert not eliminating(chosen, facts)
    assert next(item.probability for item in weighed.judged if item.theory == chosen.id) >= CONFIRMED_FROM
    for rival in THEORIES:
        if rival is chosen or eliminating(rival, facts):
            continue
        assert any(
            fact.settles and likelihood(chosen, fact) >= DECISIVE_RATIO * likelihood(rival, fact) for fact in facts
        ), rival.id


@given(MEASURED)
def test_at_most_one_theory_is_confirmed(facts: list[Fact]) -> None:
    assert sum(item.standing is Standing.CONFIRMED for item in judge(THEORIES, facts).judged) <= 1


@given(MEASURED)
def test_what_is_possible_is_never_eliminated(facts: list[Fact]) -> None:
    weighed = judge(THEORIES, facts)
    fallen = {item.theory for item in weighed.judged if item.standing is Standing.ELIMINATED}
    assert weighed.possible
    assert not fallen & set(weighed.possible)
