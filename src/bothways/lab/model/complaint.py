"""What is wrong with a scenario: a key, and a sentence."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple


class Complaint(NamedTuple):
    """One thing that is wrong. Who looks for them stops at the first, so that each may rely on those before it."""

    path: str
    """The key, from the scenario down: `network.links[2].a.interface`."""
    says: str


def unless(says: str, path: str, value: object) -> Iterator[Complaint]:
    """Yield a complaint about a value, unless there is nothing to say."""
    if says:
        yield Complaint(path, f"{_shown(value)} {says}")


def unknown(path: str, value: str, known: Collection[str], what: str) -> Iterator[Complaint]:
    """Yield a complaint if a word names nothing that is there."""
    if value not in known:
        there = ", ".join(sorted(known)[:10]) or "none"
        yield Complaint(path, f"{_shown(value)} is no {what}; there are: {there}")


def repeated(path: str, key: str, values: Sequence[object]) -> Iterator[Complaint]:
    """Yield a complaint if two of a list are the same."""
    first: dict[object, int] = {}
    for number, value in enumerate(values):
        if value in first:
            yield Complaint(f"{path}[{number}]{key}", f"is the same as that of {path}[{first[value]}]: {_shown(value)}")
        first[value] = number


def too_many(path: str, number: int, most: int) -> Iterator[Complaint]:
    """Yield a complaint about a list that is too long."""
    if number > most:
        yield Complaint(path, f"has {number:,} entries; at most {most:,} are built")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
