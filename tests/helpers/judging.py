"""Facts and theories made by hand, and any mixture of facts, for tests of what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.facts.catalogue import FACTS
from bothways.facts.fact import Fact, unknown
from bothways.theories.catalogue import THEORIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

    from bothways.facts.fact import Kind
    from bothways.theories.theory import Expectation, Proof, Theory

KINDS = tuple(kind for kind, _ in FACTS)
BY_ID = {theory.id: theory for theory in THEORIES}


def fact(kind: Kind, answer: StrEnum, **more: Any) -> Fact:
    """A sure measurement, unless the test says otherwise."""
    return Fact(kind=kind, answer=answer, says="as the test says", **more)


def theory(name: str, *expects: Expectation, proofs: Sequence[Proof] = ()) -> Theory:
    """A theory with the id, and so the prior, of a known one and expectations of its own."""
    return replace(BY_ID[name], expects=expects, proofs=tuple(proofs))


def all_answers() -> list[tuple[Kind, StrEnum]]:
    return [(kind, answer) for kind in KINDS for answer in kind.answers]


@st.composite
def _one(draw: st.DrawFn, kind: Kind) -> Fact:
    answer = draw(st.sampled_from([None, *kind.answers]))
    if answer is None:
        return unknown(kind, "nobody looked", moot=draw(st.booleans()))
    return fact(kind, answer, sure=draw(st.booleans()), decisive=draw(st.booleans()))


def facts() -> st.SearchStrategy[list[Fact]]:
    """One fact each of some kinds: known or not, from sure observers or not."""
    chosen = st.lists(st.sampled_from(KINDS), unique_by=lambda kind: kind.id)
    return chosen.flatmap(lambda kinds: st.tuples(*(_one(kind) for kind in kinds))).map(list)
