"""How often this process searches its memory for circles of references."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 500_000
"""Objects made and not yet gone from which on the newest are searched: Python's own 700 suits programs whose memory is
small."""

SEARCHES = 20
"""Searches of one age after which the next older one is searched as well."""


@contextmanager
def seldom_searched() -> Iterator[None]:
    """Search seldom while very much evidence is read and judged.

    What is made of it are trees of records that live until the end. Python counts references and frees what nothing
    refers to at once; the search is for circles alone, finds next to nothing here, and takes a quarter of the time of
    judging 100,000 connections. It still takes place, so that circles in a stranger's file cannot fill the memory.
    """
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, SEARCHES, SEARCHES)
    try:
        yield
    finally:
        gc.set_threshold(*before)
