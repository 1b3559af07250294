"""What was counted apart, in one sentence."""

from collections.abc import Sequence
from itertools import groupby

from bothways.connections.background import Background
from bothways.diagnosis.model import Apart, Diagnosis
from bothways.report.text import clean, counted, listed

MOST_CLIENTS = 3
"""Clients of one kind that a sentence names; the JSON document has more."""

_WORDS = {
    Background.PATH_PROBE: ("path probe", "path probes"),
    Background.SCAN: ("connection of a scan", "connections of a scan"),
    Background.PORT_PROBE: ("port probe", "port probes"),
    Background.RACE_LOSER: ("loser of a race between addresses", "losers of races between addresses"),
    Background.KEEPALIVE: ("idle connection that is kept alive", "idle connections that are kept alive"),
    Background.STRAY: ("answer to nothing that was asked here", "answers to nothing that was asked here"),
}

_NAMED = frozenset({Background.SCAN, Background.PORT_PROBE})
"""Kinds of which a reader wants to know who it was."""


def apart(diagnosis: Diagnosis) -> str:
    """`Counted apart: 312 connections of a scan from 192.0.2.7 and 14 path probes.`; empty where nothing was."""
    parts: list[str] = []
    for kind, group in groupby(diagnosis.background, key=lambda item: item.kind):
        lines = list(group)
        total = sum(line.connections for line in lines)
        parts += _named(kind, lines, total) if kind in _NAMED else [_counted(kind, total)]
    sentence = f"Counted apart: {listed(parts)}." if parts else ""
    again = diagnosis.ports_used_again
    if again:
        sentence = f"{sentence} The same ports were used again {counted(again, 'time')}: each use is judged by itself."
    return sentence.strip()


def _named(kind: Background, lines: Sequence[Apart], total: int) -> list[str]:
    told = [line for line in lines if line.client is not None][:MOST_CLIENTS]
    parts = [f"{_counted(kind, line.connections)} from {clean(line.client or '')}" for line in told]
    rest = total - sum(line.connections for line in told)
    return [*parts, f"{_counted(kind, rest)} from others"] if rest else parts


def _counted(kind: Background, number: int) -> str:
    one, many = _WORDS[kind]
    return f"{number} {one if number == 1 else many}"
