"""One way as all its reports together tell it: who answers at each distance.

Reports of one way differ: one gives names, another addresses; a router answers this time and keeps silent the next; a
hop that carries load has several routers. What belongs together is put together, and what contradicts itself (the way
changed between two runs) stays apart as several courses.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bothways.evidence.citation import Citation
from bothways.evidence.path_report import Hop, HopReply
from bothways.paths.model import Path
from bothways.way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One distance from where the reports of a way were made, and everybody who answered there."""

    index: int
    """TTL of the probes, from 1."""

    replies: tuple[HopReply, ...]
    """Of all runs; what one run calls by name and another by address stands in both forms."""

    sightings: tuple[tuple[Path, Hop], ...]
    """Where it stands in the reports, silent lines included."""

    @property
    def silent(self) -> bool:
        """No run has an answer from this distance."""
        return not self.replies

    @property
    def name(self) -> str | None:
        """The first name that a report gives it."""
        return next((reply.name for reply in self.replies if reply.name), None)

    @property
    def address(self) -> str | None:
        """The first address that a report gives it."""
        return next((reply.address for reply in self.replies if reply.address), None)

    @property
    def label(self) -> str:
        """How it is called in a sentence: name, else address, else that it is silent."""
        return self.name or self.address or (f"silent hop {self.index}" if self.silent else f"hop {self.index}")

    def cites(self) -> tuple[Citation, ...]:
        """Where to look it up: the first line that shows an answer, else the first line."""
        shown = [pair for pair in self.sightings if not pair[1].silent] or list(self.sightings)
        return tuple(path.cite(hop) for path, hop in shown[:1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way, by the reports that agree about it."""

    way: Way
    control: bool
    """Measured to or from another address, for comparison."""

    paths: tuple[Path, ...]
    """The reports, in the order in which they were given."""

    stations: tuple[Station, ...]
    """By distance, from 1; a distance that no report lists is not among them."""

    reached: bool | None
    """Whether the last station is the other end; None where no report lets one tell."""

    @property
    def routers(self) -> tuple[Station, ...]:
        """The stations without the other end's host."""
        return self.stations[:-1] if self.reached else self.stations

    @property
    def silent(self) -> int:
        """How many distances before the last answering one did not answer: each could hide a device."""
        answering = [place for place, station in enumerate(self.stations) if not station.silent]
        shown = self.stations[: answering[-1]] if answering else self.stations
        return sum(station.silent for station in shown)


def courses_of(paths: Iterable[Path]) -> tuple[Course, ...]:
    """Put the reports of each way together, the case's own before the controls'."""
    groups: dict[tuple[bool, bool, str], list[Path]] = {}
    for path in paths:
        towards = path.report.destination_address or path.report.destination or "" if path.control else ""
        groups.setdefault((path.control, path.way is Way.BACK, towards), []).append(path)
    return tuple(_course(groups[key]) for key in sorted(groups))


def _course(paths: list[Path]) -> Course:
    indices = sorted({hop.index for path in paths for hop in path.hops})
    stations = tuple(_station(index, paths) for index in indices)
    told = [path.reached for path in paths if path.reached is not None]
    return Course(
        way=paths[0].way,
        control=paths[0].control,
        paths=tuple(paths),
        stations=stations,
        reached=any(told) if told else None,
    )


def _station(index: int, paths: list[Path]) -> Station:
    sightings = tuple((path, hop) for path in paths for hop in path.hops if hop.index == index)
    replies = tuple(dict.fromkeys(reply for _, hop in sightings for reply in hop.replies))
    return Station(index=index, replies=replies, sightings=sightings)
