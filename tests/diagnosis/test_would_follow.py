"""What the two ways would mean for the causes if connections failed: by the causes' own expectations."""

from bothways.diagnosis.would_follow import PATH_KINDS, Consequence, consequences, path_facts, prospects
from bothways.evidence.case import PathEvidence
from bothways.facts.catalogue import FACTS
from bothways.facts.fact import Fact, unknown
from bothways.facts.loops import LOOP, Circles
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE, Stands, Trace
from bothways.theories.catalogue import THEORIES
from bothways.theories.theory import Expect
from tests.helpers.network import Network
from tests.helpers.surroundings import back, paths, there


def follows(fact: Fact) -> Consequence:
    (made,) = consequences([fact])
    return made


def test_a_firewall_on_the_way_there_only_speaks_for_the_bypass_and_against_its_mirror() -> None:
    made = follows(Fact(kind=FIREWALL_ON_WAYS, answer=Stands.THERE_ONLY))
    assert made.speaks_for == ("asymmetric-bypass",)
    assert "asymmetric-reply-through-firewall" in made.against


def test_a_circle_speaks_for_the_one_cause_that_expects_it() -> None:
    made = follows(Fact(kind=LOOP, answer=Circles.THERE))
    assert made.speaks_for == ("routing-loop",)


def test_a_trace_that_arrives_speaks_for_nothing() -> None:
    made = consequences([Fact(kind=TRACE_THERE, answer=Trace.REACHES)])
    assert all(not item.speaks_for for item in made)


def test_what_speaks_for_a_cause_is_never_what_it_expects_least() -> None:
    for kind, _ in FACTS:
        for answer in kind.answers if kind in PATH_KINDS else ():
            for item in consequences([Fact(kind=kind, answer=answer)]):
                for theory in THEORIES:
                    stated = theory.of(kind)
                    if theory.id in item.speaks_for and stated:
                        assert stated.words[answer] in {Expect.ALWAYS, Expect.USUALLY, Expect.EVEN}


def test_an_unknown_fact_means_nothing_and_has_a_prospect() -> None:
    fact = unknown(FIREWALL_ON_WAYS, "nobody looked")
    assert consequences([fact]) == ()
    (made,) = prospects([fact])
    assert made.why == "nobody looked"
    assert dict(made.answers)[Stands.THERE_ONLY] == ("asymmetric-bypass",)


def test_what_is_refuted_or_does_not_arise_is_no_prospect() -> None:
    (made,) = prospects([unknown(FIREWALL_ON_WAYS, "nobody looked")], {Stands.BACK_ONLY})
    assert Stands.BACK_ONLY not in dict(made.answers)
    assert prospects([unknown(FIREWALL_ON_WAYS, "no firewall", moot=True)]) == ()


def measured(*reports: PathEvidence) -> tuple[Fact, ...]:
    return path_facts(Network("client").subject(paths=paths(*reports)))


def test_path_facts_are_those_that_need_no_connection() -> None:
    facts = measured(there("gw.example a.example"), back("gw.example 10.0.0.2"))
    assert {fact.kind for fact in facts} == PATH_KINDS
    assert len({fact.kind for fact in facts}) == len(facts)
