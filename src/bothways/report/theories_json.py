"""Writes the theories, one theory, or the kinds of facts as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import json

from bothways import __version__
from bothways.facts.fact import Kind
from bothways.report.schema import SCHEMA
from bothways.theories.catalogue import THEORIES
from bothways.theories.explained import Explanation
from bothways.theories.stages import stage_of
from bothways.theories.theory import Theory
from bothways.verdict.neighbours import neighbours_by_view


def listed(theories: Sequence[Theory]) -> bytes:
    """All theories, in the order of the catalogue."""
    return _document("theories", [_outline(theory) for theory in theories])


def explained(theory: Theory, words: Explanation) -> bytes:
    """All that is known of *theory*."""
    expects = [
        {"kind": expectation.kind.id, "answers": {str(answer): str(word) for answer, word in expectation.words.items()}}
        for expectation in theory.expects
    ]
    sections = {
        str(heading): [{"about": part.label or None, "text": part.text} for part in parts]
        for heading, parts in words.sections.items()
    }
    whole = _outline(theory) | {
        "gist": words.gist,
        "sections": sections,
        "ladder": _ladder(theory),
        "expects": expects,
        "looks_like": {
            str(view): [other.id for other in others] for view, others in neighbours_by_view(theory, THEORIES).items()
        },
        "proofs": [{kind.id: str(answer) for kind, answer in sorted(proof, key=_kind)} for proof in theory.proofs],
    }
    return _document("theory", whole)


def kinds(known: Iterable[Kind]) -> bytes:
    """All kinds of facts with their answers."""
    entries = [
        {"kind": kind.id, "asks": kind.asks, "family": kind.family, "answers": [str(answer) for answer in kind.answers]}
        for kind in known
    ]
    return _document("facts", entries)


def _document(name: str, content: Any) -> bytes:
    whole = {"schema": SCHEMA, "bothways": __version__, name: content}
    return json.format(json.encode(whole), indent=2) + b"\n"


def _outline(theory: Theory) -> dict[str, Any]:
    return {
        "id": theory.id,
        "title": theory.title,
        "claim": theory.claim,
        "mend": theory.mend,
        "gets_as_far_as": str(stage_of(theory)),
    }


def _ladder(theory: Theory) -> dict[str, Any] | None:
    if theory.ladder is None:
        return None
    rungs = [
        {
            "way": str(rung.way),
            "packet": rung.packet,
            "start": str(rung.start),
            "end": str(rung.end),
            "lost": rung.lost,
            "around": rung.around,
            "note": rung.note,
        }
        for rung in theory.ladder.rungs
    ]
    return {"middle": theory.ladder.middle, "rungs": rungs}


def _kind(pair: tuple[Kind, object]) -> str:
    return pair[0].id
