"""What every theory of the catalogue must be, so that a new one that is not fails here and not in a verdict."""

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import bothways.theories
from bothways.facts.health import HEALTH, Health
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.explained import Heading, explanation
from bothways.theories.stages import Stage, stage_of
from bothways.theories.theory import Expect, Theory
from bothways.verdict.weights import PRIORS
from tests.helpers.judging import KINDS

FOLDER = Path(bothways.theories.__path__[0])
FILES = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__")

CONTRACT = {
    "asymmetric-bypass",
    "asymmetric-reply-through-firewall",
    "firewall-pair-unsynchronised",
    "established-outbound-drop",
    "destination-blocked",
    "source-blocked",
    "sni-filtered",
    "mtu-black-hole",
    "accept-queue-overflow",
    "server-ignores-syn",
    "host-refuses-ack",
    "client-refuses-reply",
    "reply-lost",
    "random-loss",
    "path-member-fault",
    "routing-loop",
    "state-expired",
    "state-table-full",
    "port-closed",
    "destination-unreachable",
    "syn-proxy",
    "sequence-rewritten",
    "option-sensitive",
    "window-mangled",
    "receive-window-closed",
    "stale-tuple",
    "application-silent",
    "application-refused",
    "client-gone-or-spoofed",
}
"""Ids that users rely on. More may be added; these stay."""

MODULES: list[ModuleType] = [
    module for name in FILES if hasattr(module := import_module(f"bothways.theories.{name}"), "THEORY")
]
"""Every file of the folder that states a cause."""

VANTAGES = {"Client", "Server", "Firewall"}

each_theory = pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.id)
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])


def test_ids_are_unique_and_the_contracts() -> None:
    ids = [theory.id for theory in THEORIES]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= CONTRACT
    assert UNEXPLAINED == "unexplained"
    assert UNEXPLAINED not in ids


def test_every_file_of_a_cause_is_listed() -> None:
    assert {theory.id.replace("-", "_") for theory in THEORIES} == {
        module.__name__.rpartition(".")[2] for module in MODULES
    }
    assert [module.THEORY for module in MODULES if module.THEORY not in THEORIES] == []


@each_theory
def test_it_has_words_for_people(theory: Theory) -> None:
    for text in (theory.title, theory.claim, theory.mend):
        assert text
        assert text == text.strip()
        assert not text.endswith(".")


@each_theory
def test_it_speaks_once_of_a_kind_and_only_of_kinds_that_are_measured(theory: Theory) -> None:
    kinds = [expectation.kind for expectation in theory.expects]
    assert len({kind.id for kind in kinds}) == len(kinds)
    assert set(kinds) <= set(KINDS)


@each_theory
def test_every_expectation_covers_every_answer_of_its_kind(theory: Theory) -> None:
    for expectation in theory.expects:
        assert set(expectation.words) == set(expectation.kind.answers), expectation.kind.id
        assert all(isinstance(answer, expectation.kind.answers) for answer in expectation.words)


@each_theory
def test_it_expects_that_something_fails(theory: Theory) -> None:
    expectation = theory.of(HEALTH)
    assert expectation is not None
    worst = {expectation.words[Health.FAILED], expectation.words[Health.REFUSED]}
    assert Expect.ALWAYS in worst


@each_theory
def test_what_it_excludes_altogether_never_arises_rather_than_all_answers_being_alike(theory: Theory) -> None:
    """Where every answer is `never` the question must not arise; then no other word may stand beside."""
    for expectation in theory.expects:
        words = set(expectation.words.values())
        assert words & {Expect.ALWAYS, Expect.USUALLY, Expect.EVEN} or words == {Expect.NEVER}, expectation.kind.id


@each_theory
def test_its_proofs_are_what_it_expects(theory: Theory) -> None:
    assert theory.proofs
    for proof in theory.proofs:
        assert proof
        assert len({kind for kind, _ in proof}) == len(proof), "one kind has one answer"
        for kind, answer in proof:
            expectation = theory.of(kind)
            assert expectation is not None, kind.id
            assert expectation.words[answer] in {Expect.ALWAYS, Expect.USUALLY, Expect.EVEN}, kind.id
            assert kind.decisive, f"{kind.id} settles nothing, so the proof could never be whole"


@each_theory
def test_no_other_theory_is_proven_by_its_proofs(theory: Theory) -> None:
    for proof in theory.proofs:
        for other in THEORIES:
            assert other is theory or not any(answers <= proof for answers in other.proofs), other.id


@each_theory
def test_it_has_a_prior(theory: Theory) -> None:
    assert 0 < PRIORS[theory.id] < 1


@each_theory
def test_its_file_explains_it_under_every_heading(theory: Theory) -> None:
    words = explanation(theory)
    assert list(words.sections) == list(Heading)
    for heading, parts in words.sections.items():
        assert len(" ".join(part.text for part in parts)) > 20, heading


@each_theory
def test_what_it_leaves_behind_names_every_vantage(theory: Theory) -> None:
    told = {part.label for part in explanation(theory).sections[Heading.LEAVES]}
    named = {word.capitalize() for label in told for word in label.split(" and ")}
    assert VANTAGES - named == set()


@each_theory
def test_it_says_how_to_verify_the_change_and_what_a_workaround_risks(theory: Theory) -> None:
    sections = explanation(theory).sections
    assert sections[Heading.CHANGE][-1].label == "Verify"
    assert sections[Heading.WORKAROUND][-1].label == "Risk"


@each_theory
def test_its_exchange_is_drawn(theory: Theory) -> None:
    assert theory.ladder is not None
    assert len(theory.ladder.rungs) >= 2
    assert stage_of(theory) is not Stage.ANYWHERE


@each_module
def test_no_theory_knows_another(module: ModuleType) -> None:
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))
    assert {name for name in imported if name.startswith("bothways.theories")} <= {
        "bothways.theories.theory",
        "bothways.theories.ladder",
    }
