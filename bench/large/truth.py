"""What a capture holds, written beside it, and whether a diagnosis counts the same."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.large.plan import Failing

WORKS = frozenset({"worked", "declined", "idle", "censored", "probe"})
"""Outcomes that are no failures (`bothways.connections.outcome`)."""


Place = tuple[str, int, str]
"""Server, port, outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One capture."""

    seed: int
    packets: int
    size: int
    """Bytes of the file."""

    connections: int
    """Forged SYNs left out."""

    forged: int
    """SYNs from forged sources."""

    failing: tuple[Failing, ...]

    @property
    def failed(self) -> Counter[Place]:
        """Failed connections by server, port and outcome."""
        counts: Counter[Place] = Counter()
        for one in self.failing:
            counts[one.server, one.port, one.outcome] += one.connections
        return counts


def beside(capture: Path) -> Path:
    """Where the truth about *capture* stands."""
    return capture.with_name(capture.name + ".json")


def write(truth: Truth, capture: Path) -> None:
    said = asdict(truth) | {"failing": [one._asdict() for one in truth.failing]}
    beside(capture).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def read(capture: Path) -> Truth:
    said = json.loads(beside(capture).read_text(encoding="utf-8"))
    return Truth(**said | {"failing": tuple(Failing(**one) for one in said["failing"])})


def counted(document: dict[str, Any]) -> Counter[Place]:
    """The failed connections of `bothways diagnose --json`, by server, port and outcome."""
    counts: Counter[Place] = Counter()
    for target in document["targets"]:
        for one in target["signatures"]:
            if one["outcome"] not in WORKS:
                counts[target["server"], target["port"], one["outcome"]] += one["connections"]
    return counts


def differences(truth: Truth, found: Counter[Place]) -> list[str]:
    """Sentences about each count that is not the truth's."""
    return list(_differences(truth.failed, found))


def _differences(true: Counter[Place], found: Counter[Place]) -> Iterable[str]:
    for place in sorted(true.keys() | found.keys()):
        if true[place] != found[place]:
            server, port, outcome = place
            yield f"{server} port {port}: {found[place]} counted as {outcome}, in truth {true[place]}"
