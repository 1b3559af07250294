"""What a reader of a text report hands back."""

from typing import Generic, TypeVar

from msgspec import Struct

from bothways.evidence.problem import Problem

Content_co = TypeVar("Content_co", covariant=True)


class Reading(Struct, Generic[Content_co], frozen=True, kw_only=True):
    """Everything that could be read, and what could not."""

    content: Content_co
    problems: tuple[Problem, ...] = ()
