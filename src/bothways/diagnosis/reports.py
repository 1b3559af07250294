"""The path reports of a case, given out to its targets: each has its own, and those of the others to compare with."""

from collections.abc import Iterable
from functools import lru_cache, partial

from bothways.connections.exchange import Exchange
from bothways.connections.targets import TargetKey
from bothways.diagnosis.scope import Scope
from bothways.evidence.case import Case
from bothways.facts.laid_out import LaidOut
from bothways.paths.ends import Attached, Reports
from bothways.paths.known import NOBODY_SAID, Known
from bothways.paths.two_ends import TwoEnds


class ReportsOfTargets:
    """The path reports of a case, to be attached to one target after the other."""

    def __init__(self, case: Case, scope: Scope, known: Known, words: tuple[str, ...]) -> None:
        self._reports = Reports(case.paths) if case.paths else None
        self._targets = scope.targets
        self._everybody = _clients(exchange for members in scope.targets.values() for exchange in members)
        self._servers = {name for key in scope.targets for name in (key.server.address, key.name) if name}
        self._controls = scope.controls
        self._laid = lru_cache(maxsize=MOST_LAID)(partial(_laid, known, words))

    def of(self, key: TargetKey) -> LaidOut:
        """The reports between the two ends of *key*; those of other targets serve as controls."""
        if self._reports is None:
            return NO_REPORTS
        servers = tuple(name for name in (key.server.address, key.name) if name)
        clients = _clients(self._targets[key]) or self._everybody
        return self._laid(self._reports.of(TwoEnds.of(clients, servers, self._controls | self._servers)))


def _laid(known: Known, words: tuple[str, ...], reports: Attached) -> LaidOut:
    return LaidOut(paths=reports.paths, known=known, words=words)


NO_REPORTS = LaidOut(paths=(), known=NOBODY_SAID)

MOST_LAID = 8
"""Ways laid side by side that are kept for further targets: most cases have one pair, and each takes memory."""


def _clients(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(exchange.client.address for exchange in exchanges))
