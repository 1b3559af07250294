import pytest
from msgspec.structs import replace

from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact
from bothways.verdict import conclusions
from bothways.verdict.conclusions import Conclusions
from bothways.verdict.inseparable import inseparable_sets
from bothways.verdict.next_question import next_questions
from bothways.verdict.standing import judge
from tests.helpers.little_theories import ARRIVES, COUNTS, FIRST, SECOND, THIRD, WAITS, Reply, fact

LITTLE = (FIRST, SECOND, THIRD)


def _elsewhere(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The same answers, read in another file."""
    return tuple(replace(one, says="seen there", cites=(Citation(file="other.pcap", frame=7),)) for one in facts)


def test_the_same_answers_give_the_same_conclusions_with_the_facts_of_each_failure() -> None:
    facts = (fact(ARRIVES, Reply.NO), fact(COUNTS))
    kept = Conclusions(LITTLE)
    assert kept.weighed(facts) == judge(LITTLE, facts)
    assert kept.weighed(_elsewhere(facts)) == judge(LITTLE, _elsewhere(facts))


def test_what_is_less_sure_or_unknown_is_another_answer() -> None:
    kept = Conclusions(LITTLE)
    for one in (
        fact(ARRIVES, Reply.NO),
        fact(ARRIVES, Reply.NO, sure=False),
        fact(ARRIVES, Reply.NO, decisive=False),
        fact(ARRIVES),
    ):
        facts = (one, fact(WAITS))
        weighed = kept.weighed(facts)
        assert weighed == judge(LITTLE, facts)
        assert kept.inseparable(facts, weighed) == inseparable_sets(LITTLE, facts, weighed)
        assert kept.next(facts, weighed, ()) == next_questions(LITTLE, facts, weighed)


def test_failures_that_are_alike_are_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[object] = []

    def counted(*arguments: object) -> object:
        weighed.append(arguments)
        return judge(*arguments)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(conclusions, "judge", counted)
    kept = Conclusions(LITTLE)
    for _ in range(5):
        kept.weighed(_elsewhere((fact(ARRIVES, Reply.NO), fact(COUNTS))))
        kept.weighed((fact(ARRIVES, Reply.NO),))
    assert len(weighed) == 2
