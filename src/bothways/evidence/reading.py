"""What a reader of a text report hands back."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bothways.evidence.problem import Problem

Content_co = TypeVar("Content_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[Content_co]):
    """Everything that could be read, and what could not."""

    content: Content_co
    problems: tuple[Problem, ...] = ()
