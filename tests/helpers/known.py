"""The catalogue of causes with one of them unknown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from bothways.diagnosis import target, word
from bothways.theories.catalogue import THEORIES

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without(cause: str) -> Iterator[None]:
    """Diagnose as somebody who never heard of *cause*."""
    others = tuple(theory for theory in THEORIES if theory.id != cause)
    with patch.object(target, "THEORIES", others), patch.object(word, "THEORIES", others):
        yield
