"""Which stations of a way are devices that keep state, and on what each recognition rests.

A way may pass several such devices, and all are kept. What rests on a name alone is weak: names lie.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bothways.evidence.citation import Citation
from bothways.evidence.inventory import Device, State
from bothways.evidence.path_report import Hop, HopReply
from bothways.paths.called import meant_by, own_label
from bothways.paths.course import Course, Station
from bothways.paths.firewall_names import words_in
from bothways.paths.known import NOBODY_SAID, Known
from bothways.paths.model import Path
from bothways.way import Way


class Rests(StrEnum):
    """On what a recognition rests, the strongest first."""

    WORD = "word"
    """The user named it on the command line."""
    INVENTORY = "inventory"
    """The user's list of devices has it."""
    STATE = "state"
    """Packets were seen to enter it and not to leave it, where a table of connections exists."""
    PROBES = "probes"
    """It lets probes of one kind pass and stops those of another."""
    TRANSLATION = "translation"
    """What it passes on is seen to be rewritten."""
    NAME = "name"
    """A word of its name."""


CERTAIN = frozenset({Rests.WORD, Rests.INVENTORY, Rests.STATE})
"""What may settle a question; all else is only likely."""

_STRENGTH = tuple(Rests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """One reason to take a station for a device that keeps state."""

    rests: Rests
    keeps: State
    because: str
    """As a clause that follows "because"."""

    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatefulDevice:
    """A station of one way that is taken for a device that keeps state."""

    course: Course
    station: Station
    recognitions: tuple[Recognition, ...]
    """The strongest first; at least one."""

    @property
    def way(self) -> Way:
        """The way on which it stands."""
        return self.course.way

    @property
    def index(self) -> int:
        """Its distance in hops from where the reports of that way were made."""
        return self.station.index

    @property
    def label(self) -> str:
        """How it is called in a sentence."""
        return self.station.label

    @property
    def replies(self) -> tuple[HopReply, ...]:
        """Everything that all reports of the way have of it."""
        return self.station.replies

    @property
    def strongest(self) -> Recognition:
        """The best reason."""
        return self.recognitions[0]

    @property
    def basis(self) -> str:
        """The best reason, as a clause that follows "because"."""
        return self.strongest.because

    @property
    def keeps(self) -> State:
        """For what it keeps state, by the best reason."""
        return self.strongest.keeps

    @property
    def by_name_only(self) -> bool:
        """Nothing but its name speaks for it."""
        return self.strongest.rests is Rests.NAME

    @property
    def certain(self) -> bool:
        """Whether what rests on it may settle a question."""
        return self.strongest.rests in CERTAIN

    @property
    def shown(self) -> tuple[Path, Hop]:
        """The line that shows it best: one with a name, else one with an answer."""
        lines = self.station.sightings
        named = (line for line in lines if any(reply.name for reply in line[1].replies))
        answered = (line for line in lines if not line[1].silent)
        return next(named, None) or next(answered, None) or lines[0]


def device_at(course: Course, station: Station, *reasons: Recognition) -> StatefulDevice:
    """*station* as a device that keeps state; of several *reasons* the strongest goes first."""
    ordered = sorted(reasons, key=lambda reason: _STRENGTH.index(reason.rests))
    return StatefulDevice(course=course, station=station, recognitions=tuple(ordered))


def strongest_first(devices: Iterable[StatefulDevice]) -> tuple[StatefulDevice, ...]:
    """The best recognised first; then the case's own ways before controls', the way there, the nearest."""
    return tuple(
        sorted(
            devices,
            key=lambda one: (
                _STRENGTH.index(one.strongest.rests),
                one.course.control,
                one.way is Way.BACK,
                one.index,
            ),
        )
    )


def firewalls_of(
    courses: Sequence[Course], *, words: Sequence[str] = (), known: Known = NOBODY_SAID
) -> tuple[StatefulDevice, ...]:
    """The stateful devices on *courses*, station by station: by the user's *words* and lists, and by names.

    A name does not count where the user's list has the device and says that it keeps no state.

    A device that stands on two ways is on each of them.
    """
    replies = [reply for course in courses for station in course.stations for reply in station.replies]
    named = {word: frozenset(meant_by(word, replies)) for word in words}
    found = []
    for course in courses:
        for station in course.stations:
            listed = tuple(_listed(station, known))
            told = _by_list(listed, station)
            by_name = () if listed and not told else _by_name(station, course)
            reasons = (*_by_word(station, named), *told, *by_name)
            if reasons:
                found.append(device_at(course, station, *reasons))
    return tuple(found)


def _by_word(station: Station, named: dict[str, frozenset[HopReply]]) -> Iterator[Recognition]:
    if any(not meant.isdisjoint(station.replies) for meant in named.values()):
        yield Recognition(rests=Rests.WORD, keeps=State.FIREWALL, because="you said so", cites=station.cites())


def _listed(station: Station, known: Known) -> Iterator[tuple[Device, Citation | None]]:
    for reply in station.replies:
        device = known.device_of(reply)
        if device is not None:
            yield device, known.cite(reply)


def _by_list(listed: Iterable[tuple[Device, Citation | None]], station: Station) -> tuple[Recognition, ...]:
    found = {}
    for device, cite in listed:
        if device.keeps is not None:
            because = f"your list of devices has it as {device.name}, {_KEPT[device.keeps]}"
            cites = (*station.cites(), *([cite] if cite else []))
            found[device.name] = Recognition(rests=Rests.INVENTORY, keeps=device.keeps, because=because, cites=cites)
    return tuple(found.values())


_KEPT = {
    State.FIREWALL: "a firewall",
    State.TRANSLATOR: "a translator of addresses",
    State.BALANCER: "a load balancer",
    State.OTHER: "which keeps state",
}


def _by_name(station: Station, course: Course) -> Iterator[Recognition]:
    """A host at the end of a way is no device of the path, whatever it is called."""
    if course.reached and station is course.stations[-1]:
        return
    words = (word for reply in station.replies if reply.name for word in words_in(own_label(reply.name)))
    for word in dict.fromkeys(words):
        yield Recognition(rests=Rests.NAME, keeps=word.keeps, because="of its name", cites=station.cites())
