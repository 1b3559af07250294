"""What a target is compared with: whatever shares its address or its name, and controls; found once for all targets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.targets import TargetKey
from bothways.evidence.attempt import Attempt, AttemptLog
from bothways.evidence.case import PathEvidence
from bothways.facts.subject import Neighbour
from bothways.way import Way

MOST_BESIDE = 100
"""Connections that worked, and that did not, which one is compared with; thousands more say the same."""

MOST_NEIGHBOURS = 200
"""Other targets of the same address or name that one is compared with: a scan finds one behind every port."""


class Comparisons:
    """The captured connections and the programs' attempts of a case, by address and by name."""

    def __init__(
        self,
        captured: dict[TargetKey, tuple[Exchange, ...]],
        logs: Iterable[AttemptLog],
        reports: Iterable[PathEvidence] = (),
    ) -> None:
        """Index *captured*, targets and controls alike, the attempts of *logs*, and where controls' *reports* went."""
        self._controls = tuple(dict.fromkeys(word for report in reports for word in _ends(report)))
        self._captured: defaultdict[str, dict[TargetKey, tuple[Exchange, ...]]] = defaultdict(dict)
        for key, members in captured.items():
            few = few_of(members)
            for word in _words(key.server.address, key.name):
                self._captured[word].setdefault(key, few)
        self._tried: defaultdict[str, dict[tuple[str, int], Attempt]] = defaultdict(dict)
        for log in logs:
            for place, attempt in enumerate(log.attempts):
                for word in _words(attempt.address, attempt.name):
                    self._tried[word][(log.file, place)] = attempt

    def neighbours(self, key: TargetKey) -> tuple[Neighbour, ...]:
        """Other targets and controls of the same address or name, in the order of the evidence."""
        return self._others(key, _words(key.server.address, key.name))

    def controls(self, key: TargetKey) -> tuple[Neighbour, ...]:
        """Other targets to which a control's path report went, by address or name."""
        return self._others(key, self._controls)

    def _others(self, key: TargetKey, words: Sequence[str]) -> tuple[Neighbour, ...]:
        found: dict[TargetKey, tuple[Exchange, ...]] = {}
        for word in words:
            found |= dict(islice(self._captured.get(word, {}).items(), MOST_NEIGHBOURS + 1))
        return tuple(
            Neighbour(server=other.server, name=other.name, exchanges=members)
            for other, members in found.items()
            if other != key
        )

    def attempts(self, key: TargetKey) -> tuple[AttemptLog, ...]:
        """Attempts at the same address or name, by log, in their order."""
        found: dict[tuple[str, int], Attempt] = {}
        for word in _words(key.server.address, key.name):
            found |= self._tried.get(word, {})
        by_file: defaultdict[str, list[Attempt]] = defaultdict(list)
        for (file, _), attempt in sorted(found.items(), key=lambda item: item[0]):
            by_file[file].append(attempt)
        return tuple(AttemptLog(file=file, attempts=tuple(attempts)) for file, attempts in by_file.items())


def _ends(evidence: PathEvidence) -> Sequence[str]:
    """What a control's report of the way there calls the host at which it ends."""
    report = evidence.report
    if not evidence.role.control or evidence.role.way is not Way.THERE:
        return ()
    last = report.hops[-1].replies if report.hops and report.reached is not False else ()
    told = [report.destination, report.destination_address]
    return _words(*told, *(word for reply in last for word in (reply.address, reply.name)))


def few_of(connections: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Of *connections* those whose packets are at hand, and of the others so many that worked or not, in order."""
    if len(connections) <= MOST_BESIDE:
        return tuple(connections)
    room = {True: MOST_BESIDE, False: MOST_BESIDE}
    kept = []
    for exchange in connections:
        works = exchange.outcome is Outcome.WORKED
        room[works] -= 1
        if room[works] >= 0 or any(seen.packets is not None for seen in exchange.seen):
            kept.append(exchange)
    return tuple(kept)


def _words(*words: str | None) -> Sequence[str]:
    return [word for word in words if word]
