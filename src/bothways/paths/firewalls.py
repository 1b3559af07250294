"""Which stations of a way are devices that keep state, and on what each recognition rests.

A way may pass several such devices, and all are kept. What rests on a name alone is weak: names lie.
"""

from collections.abc import Iterable, Iterator, Sequence

from bothways.evidence.citation import Citation
from bothways.evidence.inventory import Device, State
from bothways.evidence.path_report import HopReply
from bothways.paths.called import meant_by, own_label
from bothways.paths.course import Course, Station
from bothways.paths.firewall_names import words_in
from bothways.paths.known import NOBODY_SAID, Known
from bothways.paths.probe_fates import prohibited, rewritten, stopped
from bothways.paths.stateful import Recognition, Rests, StatefulDevice, device_at


def firewalls_of(
    courses: Sequence[Course], *, words: Sequence[str] = (), known: Known = NOBODY_SAID
) -> tuple[StatefulDevice, ...]:
    """The stateful devices on *courses*, station by station.

    By the user's *words* and lists, by what becomes of probes, and by names.

    A name does not count where the user's list has the device and says that it keeps no state.

    A device that stands on two ways is on each of them.
    """
    replies = [reply for course in courses for station in course.stations for reply in station.replies]
    named = {word: frozenset(meant_by(word, replies)) for word in words}
    found = []
    for course in courses:
        behaviour = _by_behaviour(course)
        for station in course.stations:
            listed = tuple(_listed(station, known))
            told = _by_list(listed, station)
            by_name = () if listed and not told else _by_name(station, course)
            seen = behaviour.get(station.index, ())
            reasons = (*_by_word(station, named), *told, *seen, *by_name)
            if reasons:
                found.append(device_at(course, station, *reasons))
    return tuple(found)


def _by_word(station: Station, named: dict[str, frozenset[HopReply]]) -> Iterator[Recognition]:
    if any(not meant.isdisjoint(station.replies) for meant in named.values()):
        yield Recognition(rests=Rests.WORD, keeps=State.FIREWALL, because="you said so", cites=station.cites())


def _by_behaviour(course: Course) -> dict[int, tuple[Recognition, ...]]:
    """By distance."""
    found: dict[int, tuple[Recognition, ...]] = {}
    for index, reason in (*stopped(course), *prohibited(course), *rewritten(course)):
        found[index] = (*found.get(index, ()), reason)
    return found


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
    if station.index > len(course.routers):
        return
    words = (word for reply in station.replies if reply.name for word in words_in(own_label(reply.name)))
    for word in dict.fromkeys(words):
        yield Recognition(rests=Rests.NAME, keeps=word.keeps, because="of its name", cites=station.cites())
