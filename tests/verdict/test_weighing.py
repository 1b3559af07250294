from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.resets import RESET_SENDER, Sender
from bothways.facts.state_counters import STATE_TABLE, Room
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.ordinary import ORDINARY
from bothways.theories.theory import Expect, Theory, expect
from bothways.verdict.weighing import answer_likelihood, families, family_ratio, likelihood, weigh, word
from bothways.verdict.weights import DECISIVE_RATIO, PRIORS
from tests.helpers.judging import KINDS, fact, facts, theory

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

TAKEN = fact(SERVER_TOOK_ACK, Took.TAKEN)
ACKED = fact(CLIENT_DATA_ACKED, Acked.YES)
REPEATED = fact(SYN_ACK_REPEATS, Repeats.SEVERAL)
RESETTING = fact(RESET_SENDER, Sender.SERVER)

any_theory = st.sampled_from([None, *THEORIES])

MEASURED = facts()
"""Any mixture of facts, for the tests of what is made of weighing them."""


@given(one=any_theory, kind=st.sampled_from(KINDS), sure=st.booleans())
def test_the_likelihoods_of_a_kinds_answers_sum_to_one(one: Theory | None, kind: Kind, *, sure: bool) -> None:
    shares = [answer_likelihood(one, kind, answer, sure=sure) for answer in kind.answers]
    assert sum(shares) == pytest.approx(1)
    assert all(share > 0 for share in shares)


@given(one=any_theory, other=any_theory, kind=st.sampled_from(KINDS))
def test_no_unsure_answer_is_decisive_between_two_theories(
    one: Theory | None, other: Theory | None, kind: Kind
) -> None:
    for answer in kind.answers:
        best = answer_likelihood(one, kind, answer, sure=False)
        assert best < DECISIVE_RATIO * answer_likelihood(other, kind, answer, sure=False)


@given(facts())
def test_the_posterior_sums_to_one_and_leaves_nobody_out(given_facts: list[Fact]) -> None:
    posterior = weigh(THEORIES, given_facts)
    assert set(posterior) == {theory.id for theory in THEORIES} | {UNEXPLAINED}
    assert sum(posterior.values()) == pytest.approx(1)
    assert all(0 < share <= 1 for share in posterior.values())


@given(facts().flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))))
def test_the_order_of_facts_decides_nothing(both: tuple[list[Fact], list[Fact]]) -> None:
    given_facts, shuffled = both
    assert weigh(THEORIES, shuffled) == pytest.approx(weigh(THEORIES, given_facts))


@given(facts())
def test_unknown_facts_change_nothing(given_facts: list[Fact]) -> None:
    measured = {item.kind.id for item in given_facts}
    ignorance = [unknown(kind, "nobody looked") for kind in KINDS if kind.id not in measured]
    assert weigh(THEORIES, [*ignorance, *given_facts]) == weigh(THEORIES, given_facts)


def test_without_facts_the_priors_stand() -> None:
    posterior = weigh(THEORIES, [])
    ratios = {name: posterior[name] / PRIORS[name] for name in posterior}
    assert list(ratios.values()) == pytest.approx([ratios[UNEXPLAINED]] * len(ratios))


@given(facts())
def test_the_unexplained_finds_every_answer_alike(given_facts: list[Fact]) -> None:
    for members in families(given_facts).values():
        assert family_ratio(None, members) == pytest.approx(1)


@given(any_theory, facts())
def test_a_family_counts_once_through_its_least_expected_member(one: Theory | None, given_facts: list[Fact]) -> None:
    for members in families(given_facts).values():
        alone = [family_ratio(one, [member]) for member in members]
        assert family_ratio(one, members) == min(alone)


def test_a_correlated_fact_that_is_expected_as_much_adds_nothing() -> None:
    assert SERVER_TOOK_ACK.family == CLIENT_DATA_ACKED.family
    alike = theory(
        "mtu-black-hole",
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(CLIENT_DATA_ACKED, {Acked.YES: A}),
    )
    once, twice = weigh([alike], [TAKEN]), weigh([alike], [TAKEN, ACKED])
    assert once == pytest.approx(twice)


def test_independent_facts_multiply() -> None:
    one = theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.TAKEN: A}), expect(RESET_SENDER, {Sender.SERVER: A}))
    odds = [
        posterior["mtu-black-hole"] / posterior[UNEXPLAINED]
        for posterior in (weigh([one], []), weigh([one], [TAKEN]), weigh([one], [TAKEN, RESETTING]))
    ]
    assert odds[1] / odds[0] == pytest.approx(odds[2] / odds[1])
    assert odds[1] / odds[0] == pytest.approx(2, rel=0.01)


def test_families_are_kept_in_order_and_hold_only_what_is_known() -> None:
    grouped = families([RESETTING, unknown(SYN_ACK_REPEATS, "nobody looked"), TAKEN, ACKED])
    assert list(grouped.items()) == [("reset-sender", (RESETTING,)), ("acceptance", (TAKEN, ACKED))]


def test_a_theory_that_does_not_care_finds_all_answers_alike() -> None:
    careless = theory("mtu-black-hole")
    assert answer_likelihood(careless, SYN_ACK_REPEATS, Repeats.ONE) == pytest.approx(1 / 3)
    assert likelihood(careless, REPEATED) == pytest.approx(1 / 3)
    assert word(careless, REPEATED) is None


def test_an_unknown_has_no_word_and_says_nothing() -> None:
    one = theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.TAKEN: A}))
    nothing = unknown(SERVER_TOOK_ACK, "nobody looked")
    assert word(one, nothing) is None
    assert likelihood(one, nothing) == 1


def test_what_an_unsure_observer_contradicts_is_only_unlikely() -> None:
    one = theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}))
    unsure = fact(SERVER_TOOK_ACK, Took.TAKEN, sure=False)
    assert word(one, TAKEN) is N
    assert word(one, unsure) is R
    assert likelihood(one, TAKEN) < likelihood(one, unsure) < 0.5


def test_an_unsure_answer_moves_the_odds_less_than_a_sure_one() -> None:
    one = theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.TAKEN: A}, rest=R))
    sure, unsure = TAKEN, fact(SERVER_TOOK_ACK, Took.TAKEN, sure=False)
    assert 1 < family_ratio(one, [unsure]) < family_ratio(one, [sure])


def test_an_unsure_observer_takes_nothing_from_other_words() -> None:
    for stated in (A, U, E, R):
        one = theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.TAKEN: stated}, rest=E))
        assert word(one, fact(SERVER_TOOK_ACK, Took.TAKEN, sure=False)) is stated


def test_a_stronger_word_is_a_higher_likelihood() -> None:
    shares = [
        likelihood(theory("mtu-black-hole", expect(SERVER_TOOK_ACK, {Took.TAKEN: stated}, rest=E)), TAKEN)
        for stated in Expect
    ]
    assert all(more > less for more, less in combinations(shares, 2))


def test_what_is_ordinary_earns_nothing_and_what_is_not_speaks_against_who_does_not_account_for_it() -> None:
    silent, owner = theory("port-closed"), theory("sni-filtered", expect(STATE_TABLE, {Room.FULL: A}, rest=R))
    ordinary, extraordinary = fact(STATE_TABLE, Room.FREE), fact(STATE_TABLE, Room.FULL)
    assert family_ratio(silent, [ordinary]) == 1
    foreseen = theory("accept-queue-overflow", expect(STATE_TABLE, {Room.FREE: A}, rest=R))
    assert family_ratio(foreseen, [ordinary]) == 1
    assert family_ratio(silent, [extraordinary]) < family_ratio(None, [extraordinary]) == 1
    assert likelihood(owner, extraordinary) >= DECISIVE_RATIO * likelihood(silent, extraordinary)
    assert word(silent, extraordinary) is R


def test_chance_explains_everything_so_nothing_ordinary_is_never() -> None:
    for expectation in ORDINARY.values():
        words = set(expectation.words.values())
        assert Expect.NEVER not in words
        # Something in it is no everyday sight, or it would not have to stand there.
        assert words & {R, Expect.EVEN}
