"""What every theory of the catalogue must be, so that a new one that is not fails here and not in a verdict."""

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

import bothways.theories
from bothways.facts.health import HEALTH, Health
from bothways.theories import (
    accept_queue_overflow,
    application_silent,
    asymmetric_bypass,
    destination_blocked,
    established_outbound_drop,
    mtu_black_hole,
    port_closed,
    sni_filtered,
)
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.theories.theory import Expect, Theory
from bothways.verdict.weights import PRIORS
from tests.helpers.judging import KINDS

FOLDER = Path(bothways.theories.__path__[0])
NO_CAUSES = {"__init__", "catalogue", "ladder", "ordinary", "questions", "theory"}

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

HEADINGS = [
    "What happens",
    "What it leaves behind",
    "What would refute it",
    "What tells it from its neighbours",
    "What to ask next",
    "What to change",
    "A safe workaround",
    "References:",
]

MODULES: list[ModuleType] = [
    accept_queue_overflow,
    application_silent,
    asymmetric_bypass,
    destination_blocked,
    established_outbound_drop,
    mtu_black_hole,
    port_closed,
    sni_filtered,
]

each_theory = pytest.mark.parametrize("theory", THEORIES, ids=lambda theory: theory.id)
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])


def test_ids_are_unique_and_the_contracts() -> None:
    ids = [theory.id for theory in THEORIES]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= CONTRACT
    assert UNEXPLAINED == "unexplained"
    assert UNEXPLAINED not in ids


def test_every_file_of_a_cause_is_listed_and_tested() -> None:
    files = {file.stem for file in FOLDER.glob("*.py")} - NO_CAUSES
    assert files == {theory.id.replace("-", "_") for theory in THEORIES}
    assert files == {module.__name__.rpartition(".")[2] for module in MODULES}


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
    assert expectation.words[Health.FAILED] is Expect.ALWAYS


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


@each_module
def test_its_docstring_answers_every_question_in_order(module: ModuleType) -> None:
    doc = module.__doc__ or ""
    lines = doc.splitlines()
    headings = [line for line in lines if line and not line.startswith(" ")][1:]
    assert headings == HEADINGS
    for heading, following in zip(HEADINGS, [*HEADINGS[1:], None], strict=True):
        end = lines.index(following) if following else len(lines)
        body = " ".join(lines[lines.index(heading) + 1 : end]).strip()
        assert len(body) > 20, heading


@each_module
def test_its_docstring_begins_with_its_id(module: ModuleType) -> None:
    doc = module.__doc__ or ""
    assert re.match(rf"{module.THEORY.id}: .+\.\n\n", doc)
    assert module.THEORY in THEORIES


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
