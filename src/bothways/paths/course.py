"""One way as all its reports together tell it: who answers at each distance.

Reports of one way differ: one gives names, another addresses; a router answers this time and keeps silent the next; a
hop that carries load has several routers. What belongs together is put together, and what contradicts itself (the way
changed between two runs) stays apart as several courses.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.paths.between import between_same_hosts
from bothways.paths.forms import Apart, Run, forms
from bothways.paths.loss import NOTHING, onset
from bothways.paths.merging import Key, key_of, meanings
from bothways.paths.model import Path
from bothways.paths.station import Station, stations_of
from bothways.units import Instant
from bothways.way import Way

__all__ = ["Course", "MtuStep", "PathLoss", "Station", "courses_of", "present", "present_first"]


class MtuStep(Struct, frozen=True, kw_only=True):
    """A path MTU that a tool learnt."""

    index: int
    """Distance of the hop at which the report tells it."""

    mtu: int
    """In bytes, of the path up to beyond this distance."""

    cite: Citation


class PathLoss(Struct, frozen=True, kw_only=True):
    """Loss that all stations share from one on: of the path up to it, there, or of the ways on which these answer."""

    first: Station
    """Where it shows first; the loss is between the station before and this one, or on the way back from it."""

    share: float
    """Of the probes, 0 to 1."""

    stations: int
    """How many share it. If the last one alone, it may limit its replies: nothing behind it tells."""


class Course(Struct, frozen=True, kw_only=True):
    """One way, by the reports that agree about it."""

    way: Way
    control: bool
    """Measured to or from another address, for comparison."""

    paths: tuple[Path, ...]
    """The reports, in the order of time as far as they tell it."""

    stations: tuple[Station, ...]
    """By distance, from 1 without gap: what no report lists is silent, too. Where the reports reach the other end it is
    the last one, at the first distance at which it answers."""

    reached: bool | None
    """Whether the reports come to the other end; None where no report lets one tell."""

    beyond: tuple[Station, ...] = ()
    """What reports list behind the other end: some tools go on, and hear it again at every distance."""

    apart: Apart | None = None
    """Why there are other courses between the same hosts on this way; None where there are none."""

    @property
    def routers(self) -> tuple[Station, ...]:
        """The stations before the other end, or before who is most likely it.

        Without the silence behind the last answer, which may as well be behind the end of the way.
        """
        if self.reached:
            return self.stations[:-1]
        if self.likely_end is not None:
            return self.stations[: self.likely_end - 1]
        last = max((station.index for station in self.stations if not station.silent), default=0)
        return self.stations[:last]

    @property
    def likely_end(self) -> int | None:
        """The distance of who is most likely the other end, where no report tells; else None. It settles nothing."""
        if self.reached is not None or not self.stations or self.stations[-1].silent:
            return None
        ends = {path.likely_end for path in self.paths}
        return self.stations[-1].index if None not in ends else None

    @property
    def distance(self) -> int | None:
        """Of the other end, where it answers first; None where no report comes to it."""
        return self.stations[-1].index if self.reached and self.stations else None

    @property
    def silent(self) -> int:
        """How many distances before the last answering one did not answer: each could hide a device."""
        return sum(station.silent for station in self.routers)

    @property
    def destination(self) -> str | None:
        """The address to which the probes went; None where no report says."""
        return next((address for path in self.paths if (address := path.report.destination_address)), None)

    @property
    def first(self) -> Instant | None:
        """When the first of the reports began; None where none says."""
        return min((path.report.started for path in self.paths if path.report.started is not None), default=None)

    @property
    def last(self) -> Instant | None:
        """When the last of the reports began; None where none says."""
        return max((path.report.started for path in self.paths if path.report.started is not None), default=None)

    @property
    def probes(self) -> tuple[str, ...]:
        """With what it was measured: `icmp`, `tcp-syn`, as far as reports tell."""
        return tuple(sorted({path.report.probe for path in self.paths if path.report.probe}))

    def last_answering(self, probe: str | None = None) -> Station | None:
        """The farthest station that answered a *probe* (`tcp-syn`, `tcp-ack`, `icmp`, `udp`; None: any)."""
        return next(
            (
                station
                for station in reversed(self.stations)
                if any(not hop.silent and probe in {None, path.report.probe} for path, hop in station.sightings)
            ),
            None,
        )

    @property
    def loss(self) -> PathLoss | None:
        """What the path loses, by all stations that count their probes and limit nothing; None where it does not."""
        told = [(one, one.tally) for one in self.stations if one.tally and not one.silent and not one.limited]
        place = onset([count for _, count in told])
        if place is None:
            return None
        share = sum((count for _, count in told[place:]), NOTHING).share
        return PathLoss(first=told[place][0], share=share, stations=len(told) - place)

    @property
    def mtu_steps(self) -> tuple[MtuStep, ...]:
        """The path MTUs that tools learnt, by distance, each value of a distance once."""
        seen: dict[tuple[int, int], MtuStep] = {}
        for station in self.stations:
            for path, hop in station.sightings:
                if hop.mtu is not None:
                    step = MtuStep(index=station.index, mtu=hop.mtu, cite=path.cite(hop))
                    seen.setdefault((station.index, hop.mtu), step)
        return tuple(seen.values())


def courses_of(paths: Iterable[Path]) -> tuple[Course, ...]:
    """Put the reports of each way together, whatever their order.

    The case's own before the controls', there before back, and between the same hosts in the order of time.
    """
    return tuple(course for group in between_same_hosts(paths) for course in _courses(group))


def present(courses: Iterable[Course], way: Way) -> Course | None:
    """The case's own course on *way* that a TCP connection takes now, as far as reports tell; None without any."""
    mine = [course for course in courses if course.way is way and not course.control]
    return next(iter(present_first(mine)), None)


def present_first(courses: Iterable[Course]) -> tuple[Course, ...]:
    """Courses of one way in the order in which a TCP connection is likely to take them now.

    Of a way that changed the last one; otherwise the one that TCP's probes show, or else most of the runs.
    """
    return tuple(sorted(courses, key=_weight, reverse=True))


def _weight(course: Course) -> tuple[bool, int, bool, int]:
    changed = course.apart is Apart.TIME
    by_tcp = any(probe.startswith("tcp") for probe in course.probes)
    return (changed, (course.last or 0) if changed else 0, by_tcp, len(course.paths))


def _courses(group: Sequence[Path]) -> list[Course]:
    """The forms in which reports between the same two hosts show one way."""
    keys = [_keys(path) for path in group]
    means = meanings(keys)
    runs: list[Run] = [
        {index: tuple(dict.fromkeys(means[index][key] for key in here)) for index, here in run.items()} for run in keys
    ]
    found = forms(runs, _ranks(group))
    if len(found) == 1:
        return [_course(group, means, None)]
    courses = []
    for form in found:
        members = [group[at] for at in form.runs]
        courses.append(_course(members, meanings([keys[at] for at in form.runs]), form.apart))
    return courses


def _keys(path: Path) -> dict[int, tuple[Key, ...]]:
    found: dict[int, tuple[Key, ...]] = {}
    for hop in path.hops:
        found[hop.index] = found.get(hop.index, ()) + tuple(key_of(reply) for reply in hop.replies)
    return found


def _ranks(group: Sequence[Path]) -> list[int] | None:
    """The order of *group* in time: by when they began, else by their order in one file; None where none tells."""
    started = [path.report.started for path in group if path.report.started is not None]
    if len(started) == len(group):
        return list(started)
    report = group[0].report
    one_file = all(path.report.file == report.file and path.report.flow is None for path in group)
    lines = [path.report.line for path in group if path.report.line is not None]
    return lines if one_file and len(lines) == len(group) else None


def _course(paths: Sequence[Path], means: Mapping[int, Mapping[Key, Key]], apart: Apart | None) -> Course:
    """One form by its reports, which stand in the order of time."""
    told = [path.reached for path in paths if path.reached is not None]
    stations = stations_of(paths, means)
    end = min((at for path in paths if path.reached and (at := _arrival(path))), default=len(stations))
    return Course(
        way=paths[0].way,
        control=paths[0].control,
        paths=tuple(paths),
        stations=stations[:end],
        beyond=stations[end:],
        reached=any(told) if told else None,
        apart=apart,
    )


def _arrival(path: Path) -> int | None:
    """The distance at which the last answer of *path* comes first, where nobody else answers behind it.

    Some tools go on after the destination, which then answers at every distance.
    """
    answering = sorted((hop for hop in path.hops if not hop.silent), key=lambda hop: -hop.index)
    if not answering:
        return None
    found, ends = answering[0].index, {key_of(reply) for reply in answering[0].replies}
    for hop in answering:
        if not ends & {key_of(reply) for reply in hop.replies}:
            break
        found = hop.index
    return found
