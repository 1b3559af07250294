"""What the weighing makes of each theory: confirmed, possible, eliminated; and why."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.facts.fact import Fact
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.theory import Expect, Theory
from bothways.verdict.weighing import least_likelihood, likelihood, weigh, word
from bothways.verdict.weights import CONFIRMED_FROM, DECISIVE_RATIO, WORTH_NAMING


class Standing(StrEnum):
    """How a theory stands."""

    CONFIRMED = "confirmed"
    POSSIBLE = "possible"
    ELIMINATED = "eliminated"


class Judged(Struct, frozen=True, kw_only=True):
    """One theory after the weighing."""

    theory: str
    standing: Standing
    probability: float
    in_favour: tuple[Fact, ...]
    """Facts that it expected always or usually, and that another theory would have found unlikely."""

    against: tuple[Fact, ...]
    """Facts that it expected rarely or never; those that eliminate it first."""


class Weighed(Struct, frozen=True, kw_only=True):
    """All theories after the weighing, the likeliest first."""

    judged: tuple[Judged, ...]

    @property
    def confirmed(self) -> str | None:
        """Id of the confirmed theory, None if there is none."""
        return next((item.theory for item in self.judged if item.standing is Standing.CONFIRMED), None)

    @property
    def possible(self) -> tuple[str, ...]:
        """Ids that are worth naming, the likeliest first: the confirmed one alone, else those that stand.

        Where nothing is proven, a cause that the catalogue does not know is always among them.
        """
        if self.confirmed:
            return (self.confirmed,)
        return tuple(
            item.theory
            for item in self.judged
            if item.standing is Standing.POSSIBLE and (item.probability >= WORTH_NAMING or item.theory == UNEXPLAINED)
        )


def judge(theories: Sequence[Theory], facts: Sequence[Fact]) -> Weighed:
    """Weigh *facts* and say how each theory, and `unexplained`, stands."""
    facts = [fact for fact in facts if fact.known]
    posterior = weigh(theories, facts)
    said = {theory.id: [(fact, word(theory, fact)) for fact in facts] for theory in theories}
    kills = {theory.id: _killing(said[theory.id]) for theory in theories}
    rivals = [theory for theory in theories if not kills[theory.id]]
    catalogue = tuple(theories)
    least = [least_likelihood(catalogue, fact) for fact in facts]
    judged = [
        Judged(
            theory=theory.id,
            standing=_standing(theory, facts, kills=kills[theory.id], probability=posterior[theory.id], rivals=rivals),
            probability=posterior[theory.id],
            in_favour=_in_favour(theory, said[theory.id], least),
            against=(*kills[theory.id], *_unlikely(said[theory.id], kills[theory.id])),
        )
        for theory in theories
    ]
    judged.append(
        Judged(
            theory=UNEXPLAINED,
            standing=Standing.POSSIBLE,
            probability=posterior[UNEXPLAINED],
            in_favour=(),
            against=(),
        )
    )
    return Weighed(judged=tuple(sorted(judged, key=lambda item: -item.probability)))


def eliminating(theory: Theory, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts that *theory* rules out and a sure observer measured."""
    return _killing([(fact, word(theory, fact)) for fact in facts])


_Said = Sequence[tuple[Fact, Expect | None]]
"""Facts, each with the word of one theory for its answer."""


def _killing(said: _Said) -> tuple[Fact, ...]:
    return tuple(fact for fact, expected in said if expected is Expect.NEVER and fact.settles)


def _standing(
    theory: Theory, facts: Sequence[Fact], *, kills: Sequence[Fact], probability: float, rivals: Sequence[Theory]
) -> Standing:
    if kills:
        return Standing.ELIMINATED
    is_confirmed = _is_confirmed(theory, facts, probability=probability, rivals=rivals)
    return Standing.CONFIRMED if is_confirmed else Standing.POSSIBLE


def _unlikely(said: _Said, kills: Sequence[Fact]) -> tuple[Fact, ...]:
    """What speaks against it without eliminating it."""
    return tuple(fact for fact, expected in said if expected in _UNLIKELY and fact not in kills)


_UNLIKELY = frozenset({Expect.RARELY, Expect.NEVER})
_LIKELY = frozenset({Expect.ALWAYS, Expect.USUALLY})


def _in_favour(theory: Theory, said: _Said, least: Sequence[float]) -> tuple[Fact, ...]:
    """Expected answers that some other theory would have found unlikely, the most telling first.

    *least*: what each fact is worth to the theory that expected it least.
    """
    expected = ((fact, low) for (fact, stated), low in zip(said, least, strict=True) if stated in _LIKELY)
    telling = [(low / likelihood(theory, fact), fact) for fact, low in expected]
    return tuple(fact for ratio, fact in sorted(telling, key=lambda item: item[0]) if ratio * 2 <= 1)


def _is_confirmed(theory: Theory, facts: Sequence[Fact], *, probability: float, rivals: Sequence[Theory]) -> bool:
    return probability >= CONFIRMED_FROM and is_settled(theory, facts, rivals=rivals)


def is_settled(theory: Theory, facts: Sequence[Fact], *, rivals: Sequence[Theory]) -> bool:
    """Whether *theory* is proven at work, and decisively better than every one of *rivals*, whatever the priors."""
    if not proven(theory, facts):
        return False
    settling = [fact for fact in facts if fact.settles]
    return all(
        any(likelihood(theory, fact) >= DECISIVE_RATIO * likelihood(rival, fact) for fact in settling)
        for rival in rivals
        if rival is not theory
    )


def proven(theory: Theory, facts: Sequence[Fact]) -> bool:
    """Whether one of the theory's proofs was observed whole, by sure observers and decisive measurements."""
    observed = {(fact.kind, fact.answer) for fact in facts if fact.settles and fact.sure}
    return any(answers <= observed for answers in theory.proofs)
