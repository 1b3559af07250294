"""A station of a way that is taken for a device which keeps state, and on what that rests."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.inventory import State
from bothways.evidence.path_report import HopReply
from bothways.paths.course import Course, Station
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
    """Probes of one kind pass it and those of another end there, or it answers that they are prohibited."""
    TRANSLATION = "translation"
    """What it passes on is seen to be rewritten."""
    NAME = "name"
    """A word of its name."""


CERTAIN = frozenset({Rests.WORD, Rests.INVENTORY, Rests.STATE})
"""What may settle a question; all else is only likely."""

_STRENGTH = tuple(Rests)


class Recognition(Struct, frozen=True, kw_only=True):
    """One reason to take a station for a device that keeps state."""

    rests: Rests
    keeps: State
    because: str
    """As a clause that follows "because"."""

    cites: tuple[Citation, ...] = ()


class StatefulDevice(Struct, frozen=True, kw_only=True):
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


def device_at(course: Course, station: Station, *reasons: Recognition) -> StatefulDevice:
    """*station* as a device that keeps state; of several *reasons* the strongest goes first."""
    ordered = sorted(reasons, key=lambda reason: _STRENGTH.index(reason.rests))
    return StatefulDevice(course=course, station=station, recognitions=tuple(ordered))


def united(devices: Iterable[StatefulDevice]) -> tuple[StatefulDevice, ...]:
    """*devices* with those that stand at one station of one course as one, with all their reasons."""
    found: dict[tuple[int, int], StatefulDevice] = {}
    for device in devices:
        place = (id(device.course), device.index)
        before = found.get(place)
        reasons = device.recognitions if before is None else (*before.recognitions, *device.recognitions)
        found[place] = device_at(device.course, device.station, *reasons)
    return tuple(found.values())


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
