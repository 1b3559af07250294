"""The catalogue of causes with one of them unknown."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from bothways.diagnosis import asking, diagnose, word
from bothways.theories.catalogue import THEORIES

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without(cause: str) -> Iterator[None]:
    """Diagnose as somebody who never heard of *cause*."""
    others = tuple(theory for theory in THEORIES if theory.id != cause)
    with ExitStack() as patches:
        for room in (asking, diagnose, word):
            patches.enter_context(patch.object(room, "THEORIES", others))
        yield
