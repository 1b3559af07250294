"""Which observation would help most.

For its cost, among questions that somebody can answer: expected information, and the chance that it completes the proof
without which nothing is confirmed. What one person can do in one sitting is asked for together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from math import log2, prod

from msgspec import Struct
from msgspec.structs import replace

from bothways.facts.fact import Fact, Kind
from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.ordinary import ORDINARY
from bothways.theories.questions import QUESTIONS, Brings, Question
from bothways.theories.theory import Theory
from bothways.unknown import Unknown
from bothways.verdict.at_hand import at_hand
from bothways.verdict.proof_in_reach import proof_in_reach
from bothways.verdict.rivals_in_the_way import fall_of_rivals, held_up
from bothways.verdict.standing import Weighed
from bothways.verdict.weighing import MOST_KEPT, answer_likelihood
from bothways.verdict.weights import DECISIVE_RATIO, LIKELIHOOD

WORTH_ASKING = 0.05
"""Bits, or chance of a proof, below which an answer would change nothing that a person could notice."""


WORTH_A_LAST_TRY = 0.005
"""The same where nothing is worth more: a verdict that stays open leaves nobody without something to do."""


class Next(Struct, frozen=True, kw_only=True):
    """What to ask one person for, and which theories the answer tells apart."""

    question: Question
    """The most useful one of this visit."""

    joined: tuple[Question, ...] = ()
    """What the same person can do in the same sitting, the most useful first."""

    gain: float
    """Expected information, bits."""

    proof: float = 0.0
    """Chance that the answers prove what is the cause, as far as a proof could be had here."""

    separates: tuple[str, ...]
    at_once: bool = False
    """Who can answer it helps already, so that nobody waits for him: he is asked beside the first one of all."""

    @property
    def worth(self) -> float:
        """What it brings for what it costs."""
        return (self.gain + self.proof) / self.question.cost


class _Doubt(Struct, frozen=True, kw_only=True):
    """What is still open."""

    beliefs: Mapping[str, float]
    """Of what stands; they add up to 1."""

    theories: Mapping[str, Theory | None]
    facts: Mapping[Kind, Fact]
    """What is known."""

    gains: Mapping[Kind, float]
    """Bits that the answer to each open kind is expected to bring by itself."""

    held_up: Mapping[str, Sequence[Theory]]
    """What is proven already, with the rivals that nothing has settled yet."""

    def _confirms(self, name: str, kinds: Collection[Kind], question: Question) -> float:
        """Chance that answers to *kinds* bring what *name* still lacks: its proof, or else the fall of its rivals."""
        theory, rivals = self.theories[name], self.held_up.get(name)
        if theory is None or rivals is None:
            return proof_in_reach(theory, self._final(kinds, question), kinds, never=question.never_tells)
        return fall_of_rivals(theory, rivals, kinds)

    def _final(self, kinds: Collection[Kind], question: Question) -> Mapping[Kind, Fact]:
        """What is known and stays so whatever is answered."""
        if not question.reopens:
            return self.facts
        kept = (fact for fact in self.facts.values() if fact.kind not in kinds or fact.answer not in question.reopens)
        return {fact.kind: fact for fact in kept}

    def worth_asking(self, kinds: Collection[Kind], question: Question, *, least: float = WORTH_ASKING) -> Next | None:
        """What answers to *kinds* would bring, asked for as *question*; None where that is less than *least*."""
        gain = _together(_entropy(self.beliefs.values()), {kind: self.gains[kind] for kind in kinds})
        chances = {name: belief * self._confirms(name, kinds, question) for name, belief in self.beliefs.items()}
        proof = sum(chances.values())
        provable = tuple(name for name, chance in chances.items() if chance >= least)
        separates = _separated(self.theories, kinds) if gain + proof >= least else ()
        separates = separates or _against_the_unknown(self.theories, kinds, gain=gain, least=least) or provable
        if gain >= least:
            # No answer settles it alone, but all that stand are shifted; what is nearly certain may need no more.
            separates = separates or tuple(name for name in self.beliefs if name != UNEXPLAINED)[:2]
        if not separates:
            return None
        return Next(question=question, gain=gain, proof=proof, separates=separates)


def next_questions(
    theories: Sequence[Theory], facts: Sequence[Fact], weighed: Weighed, *, had: Collection[Brings] = ()
) -> tuple[Next, ...]:
    """Questions not answered yet, the most useful for their cost first; nobody is asked for what was *had*."""
    known = {theory.id: theory for theory in theories}
    standing = {item.theory: item.probability for item in weighed.judged if item.theory in weighed.possible}
    total = sum(standing.values()) or 1.0
    beliefs = {name: probability / total for name, probability in standing.items()}
    closed = {fact.kind: fact.answer for fact in facts if fact.closed}
    open_kinds = {
        question: kinds
        for question in QUESTIONS
        if (kinds := _open(question, closed, had))
        and not (question.brings and question.brings <= set(had))
        and question.after <= set(had)
    }
    believed = {name: known.get(name) for name in beliefs}
    unanswered = dict.fromkeys(kind for kinds in open_kinds.values() for kind in kinds)
    doubt = _Doubt(
        beliefs=beliefs,
        theories=believed,
        facts={fact.kind: fact for fact in facts if fact.known},
        gains={kind: information_gain(beliefs, believed, kind) for kind in unanswered},
        held_up=held_up([theory for theory in theories if theory.id in beliefs], facts, weighed, known),
    )
    visits = _visits(doubt, open_kinds, WORTH_ASKING) or _visits(doubt, open_kinds, WORTH_A_LAST_TRY)[:1]
    helps = at_hand(had)
    return tuple(replace(item, at_once=item.question.joins and item.question.who in helps) for item in visits)


def _open(question: Question, closed: Mapping[Kind, StrEnum | Unknown], had: Collection[Brings]) -> tuple[Kind, ...]:
    """Kinds that *question* can still answer beside what was *had*."""
    beside = (kind for brings, kinds in question.answers_with.items() if brings in had for kind in kinds)
    kinds = dict.fromkeys((*question.answers, *beside))
    return tuple(kind for kind in kinds if kind not in closed or closed[kind] in question.reopens)


def _visits(doubt: _Doubt, open_kinds: Mapping[Question, Sequence[Kind]], least: float) -> tuple[Next, ...]:
    """What each person could be asked for that is worth at least *least*, the most useful for its cost first."""
    visits: defaultdict[str, list[Next]] = defaultdict(list)
    for question, kinds in open_kinds.items():
        if item := doubt.worth_asking(kinds, question, least=least):
            visits[question.who if question.joins else question.id].append(item)
    found = (_joined(doubt, items, open_kinds, least) for items in visits.values())
    return tuple(sorted(found, key=lambda item: -item.worth))


def _joined(doubt: _Doubt, items: Sequence[Next], open_kinds: Mapping[Question, Sequence[Kind]], least: float) -> Next:
    """One visit for all *items*: led by the most useful one, and worth what they bring together."""
    lead, *others = sorted(items, key=lambda item: -item.worth)
    questions = [item.question for item in (lead, *others)]
    kinds = tuple(dict.fromkeys(kind for question in questions for kind in open_kinds[question]))
    whole = doubt.worth_asking(kinds, lead.question, least=least) or lead
    return Next(
        question=lead.question,
        joined=tuple(questions[1:]),
        gain=whole.gain,
        proof=whole.proof,
        separates=whole.separates,
    )


def information_gain(beliefs: Mapping[str, float], theories: Mapping[str, Theory | None], kind: Kind) -> float:
    """Bits by which the answer to *kind* is expected to reduce the doubt among *theories* with *beliefs* (sum 1)."""
    gain = _entropy(beliefs.values())
    foreseen = [(belief, _foreseen(theories[name], kind)) for name, belief in beliefs.items()]
    for place in range(len(kind.answers)):
        joint = [belief * chances[place] for belief, chances in foreseen]
        chance = sum(joint)
        gain -= chance * _entropy([part / chance for part in joint])
    return max(0.0, gain)


@lru_cache(maxsize=MOST_KEPT)
def _foreseen(theory: Theory | None, kind: Kind) -> tuple[float, ...]:
    """How likely each answer of *kind* is to be seen; of what no theory explains, what is ordinary is foreseen.

    The weighing credits nobody with what is ordinary, so that to see it once more teaches nothing.
    """
    usual = ORDINARY.get(kind) if theory is None else None
    if usual is None:
        return tuple(answer_likelihood(theory, kind, answer) for answer in kind.answers)
    whole = sum(LIKELIHOOD[word] for word in usual.words.values())
    return tuple(LIKELIHOOD[usual.words[answer]] / whole for answer in kind.answers)


def _together(doubt: float, gains: Mapping[Kind, float]) -> float:
    """Bits that answers to several kinds are expected to bring: each family takes its share of what *doubt* is left."""
    if doubt <= 0:
        return 0.0
    best: defaultdict[str, float] = defaultdict(float)
    for kind, gain in gains.items():
        best[kind.family] = max(best[kind.family], gain)
    return doubt * (1 - prod(max(0.0, 1 - gain / doubt) for gain in best.values()))


def _entropy(shares: Iterable[float]) -> float:
    """Entropy in bits."""
    return -sum(share * log2(share) for share in shares if share > 0)


def _separated(theories: Mapping[str, Theory | None], kinds: Collection[Kind]) -> tuple[str, ...]:
    """Theories of which at least one answer could settle the rivalry with another one."""
    names = [name for name in theories if name != UNEXPLAINED]
    settled: set[str] = set()
    for kind in kinds:
        if kind.decisive and len(settled) < len(names):
            for answer in kind.answers:
                settled |= _told_apart({name: answer_likelihood(theories[name], kind, answer) for name in names})
    return tuple(name for name in names if name in settled)


def _told_apart(chances: Mapping[str, float]) -> set[str]:
    """Who finds an answer so likely, or so unlikely, that it decides against another one or for it."""
    if len(chances) < 2:
        return set()
    least, most = min(chances.values()), max(chances.values())
    return {
        name for name, chance in chances.items() if chance >= DECISIVE_RATIO * least or most >= DECISIVE_RATIO * chance
    }


def _against_the_unknown(
    theories: Mapping[str, Theory | None], kinds: Collection[Kind], *, gain: float, least: float
) -> tuple[str, ...]:
    """What an answer would hold against `unexplained`: the only theory that stands, or everything where none does."""
    names = [name for name in theories if name != UNEXPLAINED]
    if len(names) > 1:
        return ()
    sole = theories[names[0]] if names else None
    if sole is None:
        return (UNEXPLAINED,) if kinds else ()
    proves = any(kind in kinds for proof in sole.proofs for kind, _ in proof)
    return (sole.id, UNEXPLAINED) if proves or gain >= least else ()
