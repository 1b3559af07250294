"""What a target is compared with: whatever shares its address or its name, found once for all targets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bothways.connections.exchange import Exchange
from bothways.connections.targets import TargetKey
from bothways.evidence.attempt import Attempt, AttemptLog
from bothways.facts.subject import Neighbour


class Comparisons:
    """The captured connections and the programs' attempts of a case, by address and by name."""

    def __init__(self, captured: dict[TargetKey, tuple[Exchange, ...]], logs: Iterable[AttemptLog]) -> None:
        """Index *captured*, targets and controls alike, and the attempts of *logs*."""
        self._captured: defaultdict[str, dict[TargetKey, tuple[Exchange, ...]]] = defaultdict(dict)
        for key, members in captured.items():
            for word in _words(key.server.address, key.name):
                self._captured[word][key] = members
        self._tried: defaultdict[str, dict[tuple[str, int], Attempt]] = defaultdict(dict)
        for log in logs:
            for place, attempt in enumerate(log.attempts):
                for word in _words(attempt.address, attempt.name):
                    self._tried[word][(log.file, place)] = attempt

    def neighbours(self, key: TargetKey) -> tuple[Neighbour, ...]:
        """Other targets and controls of the same address or name, in the order of the evidence."""
        found: dict[TargetKey, tuple[Exchange, ...]] = {}
        for word in _words(key.server.address, key.name):
            found |= self._captured.get(word, {})
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


def _words(*words: str | None) -> Sequence[str]:
    return [word for word in words if word]
