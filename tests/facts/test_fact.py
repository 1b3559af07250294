from enum import StrEnum
from typing import Any

import pytest

from bothways.evidence.citation import Citation
from bothways.facts.fact import MOST_CITATIONS, Fact, Kind, agreed, unknown


class Taste(StrEnum):
    SWEET = "sweet"
    SOUR = "sour"


KIND = Kind(id="taste", asks="How does it taste?", family="senses", answers=Taste)
SHY = Kind(id="shy", asks="?", family="senses", answers=Taste, decisive=False)


def fact(answer: Taste, *, frame: int = 1, **more: Any) -> Fact:
    return Fact(kind=KIND, answer=answer, says="it does", cites=(Citation(file="a.pcap", frame=frame),), **more)


def test_an_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="nobody tried"):
        bool(unknown(KIND, "nobody tried").answer)


def test_a_known_fact_is_closed_and_settles() -> None:
    known = fact(Taste.SWEET)
    assert (known.known, known.closed, known.settles) == (True, True, True)


def test_an_unknown_stays_open_unless_its_question_does_not_arise() -> None:
    assert not unknown(KIND, "why").closed
    assert unknown(KIND, "why", moot=True).closed
    assert not unknown(KIND, "why", moot=True).settles


def test_what_must_not_decide_does_not_settle() -> None:
    assert not fact(Taste.SWEET, decisive=False).settles
    assert not Fact(kind=SHY, answer=Taste.SWEET).settles


def test_connections_that_agree_speak_with_all_their_citations() -> None:
    together = agreed([fact(Taste.SWEET, frame=1), unknown(KIND, "?"), fact(Taste.SWEET, frame=2)])
    assert together.answer is Taste.SWEET
    assert [cite.frame for cite in together.cites] == [1, 2]


def test_connections_that_disagree_leave_it_unknown() -> None:
    together = agreed([fact(Taste.SWEET), fact(Taste.SOUR)])
    assert not together.known
    assert "sour, sweet" in getattr(together.answer, "why", "")


def test_only_unknown_ones_leave_the_first_reason() -> None:
    assert getattr(agreed([unknown(KIND, "first"), unknown(KIND, "second")]).answer, "why", "") == "first"


def test_they_are_as_sure_and_decisive_as_the_weakest() -> None:
    together = agreed([fact(Taste.SWEET), fact(Taste.SWEET, sure=False), fact(Taste.SWEET, decisive=False)])
    assert not together.sure
    assert not together.decisive


def test_of_many_citations_the_first_ones_and_the_last_are_kept() -> None:
    together = agreed([fact(Taste.SWEET, frame=frame) for frame in range(1, 20)])
    assert len(together.cites) == MOST_CITATIONS
    assert [together.cites[0].frame, together.cites[-1].frame] == [1, 19]
