"""What the two ways would mean for the causes of a failure, in words."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bothways.diagnosis.two_ways import WaysOf
from bothways.diagnosis.would_follow import Consequence, Prospect
from bothways.report.summary import title
from bothways.report.text import clean, listed, places

MOST_CAUSES = 4
"""Causes that a line names; the JSON document has all of them."""


class Following(Struct, frozen=True, kw_only=True):
    """What one answer means, or would mean."""

    says: str
    """What was seen, or what is not known and why."""

    places: tuple[str, ...]
    means: tuple[str, ...]
    """`speaks for asymmetric-bypass`, one clause for each way of mattering."""

    known: bool


def following_of(ways: WaysOf) -> tuple[Following, ...]:
    """What is known first, then what is not."""
    return (*map(_known, ways.follows), *map(_open, ways.open))


def _known(item: Consequence) -> Following:
    told = (("rules out", item.rules_out), ("speaks for", item.speaks_for), ("speaks against", item.against))
    return Following(
        says=clean(item.fact.says or f"{item.fact.kind.asks} {item.fact.answer}"),
        places=places(item.fact.cites),
        means=tuple(f"{verb} {_explained(ids)}" for verb, ids in told if ids),
        known=True,
    )


def _open(item: Prospect) -> Following:
    return Following(
        says=clean(f"{item.kind.asks} Not known: {item.why}"), places=(), means=tuple(_would(item)), known=False
    )


def _would(item: Prospect) -> Iterator[str]:
    for answer, ids in item.answers:
        yield f"{answer} would speak for {_explained(ids)}"


def _explained(ids: Sequence[str]) -> str:
    """A cause alone with what it means; several by their ids."""
    return f"{ids[0]} ({title(ids[0])})" if len(ids) == 1 else _causes(ids)


def _causes(ids: Sequence[str]) -> str:
    named = list(ids[:MOST_CAUSES])
    if len(ids) > MOST_CAUSES:
        named = [*ids[: MOST_CAUSES - 1], f"{len(ids) - MOST_CAUSES + 1} more"]
    return listed(named)
