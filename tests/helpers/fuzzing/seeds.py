"""Small real evidence to begin from: a capture's first packets in several forms, reports and logs cut to some lines."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.helpers.cases import case_folders
from tests.helpers.degraded.forms import any_v1, any_v2, tagged, written
from tests.helpers.degraded.taken import Evidence, Form, Taken, evidence_of
from tests.helpers.repository import TOP

PACKETS = 30
"""Of a seed: what is wrong with a reader shows in few packets, and few make many inputs a second."""

LINES = 60
SAMPLES = ("states", "traces", "captures", "evidence")
"""Rooms of the tests whose `samples` folders hold real programs' output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One file to begin from."""

    name: str
    data: bytes
    capture: bool


@cache
def seeds() -> tuple[Seed, ...]:
    """All seeds: captures first."""
    found: dict[bytes, Seed] = {}
    captures: dict[bytes, Taken] = {}
    for case in case_folders():
        evidence = evidence_of(case.path)
        for taken in evidence.captures.values():
            short = replace(taken, records=taken.records[:PACKETS])
            captures.setdefault(short.file(), short)
        for name, data in evidence.others.items():
            found.setdefault(data, Seed(name=name, data=_head(data), capture=False))
    for number, (data, taken) in enumerate(captures.items()):
        name = f"{taken.vantage}.pcap"
        found[data] = Seed(name=name, data=data, capture=True)
        if taken.records:
            other = _other_form(taken, number)
            found[other] = Seed(name=name, data=other, capture=True)
    for sample in _samples():
        found.setdefault(sample.data, sample)
    return tuple(sorted(found.values(), key=lambda seed: (not seed.capture, seed.name, seed.data)))


def _head(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:LINES])


_FORMS: tuple[Callable[[Evidence], Evidence], ...] = (
    lambda one: written(one, "pcapng ns"),
    any_v1,
    lambda one: written(one, "pcapng big endian"),
    any_v2,
    tagged,
    lambda one: written(one, "pcap big endian"),
    lambda one: one.each(lambda taken: replace(taken, form=Form(blocks=True, dropped=7))),
)


def _other_form(taken: Taken, number: int) -> bytes:
    """The same packets in one other link layer or file format, another for each seed."""
    evidence = Evidence(captures={"": taken}, others={}, client="", server="")
    return _FORMS[number % len(_FORMS)](evidence).files()[""]


def _samples() -> list[Seed]:
    files = [file for room in SAMPLES for file in sorted((TOP / "tests" / room).glob("samples/**/*")) if file.is_file()]
    return [_sample(file) for file in files if file.stat().st_size < 200_000]


def _sample(file: Path) -> Seed:
    data = file.read_bytes()
    text = b"\0" not in data[:4096]
    return Seed(name=file.name, data=_head(data) if text else data[:20_000], capture=not text)
