"""Which stations of a way are devices that keep state, and on what each recognition rests.

A way may pass several such devices, and all are kept. What rests on a name alone is weak: names lie.
"""

from collections.abc import Iterator, Sequence

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

    By the user's *words* and lists, by what becomes of probes, and by names. Where his list has a device and says that
    it keeps no state, neither its name nor what it does to probes counts. A device that stands on two ways is on each
    of them.
    """
    replies = [reply for course in courses for station in course.stations for reply in station.replies]
    named = {word: frozenset(meant_by(word, replies)) for word in words}
    found = []
    for course in courses:
        listed = {station.index: tuple(_listed(station, known)) for station in course.stations}
        reasons = {
            station.index: (*_by_word(station, named), *_told(listed[station.index], station, course))
            for station in course.stations
        }
        seen = _by_behaviour(course, frozenset(index for index, told in reasons.items() if told))
        for station in course.stations:
            stateless = bool(listed[station.index]) and not reasons[station.index]
            told = (*reasons[station.index], *(() if stateless else seen.get(station.index, ())))
            if told:
                found.append(device_at(course, station, *told))
    return tuple(found)


_Listed = tuple[tuple[Device, Citation | None], ...]


def _told(listed: _Listed, station: Station, course: Course) -> tuple[Recognition, ...]:
    return _by_list(listed, station) if listed else tuple(_by_name(station, course))


def _by_word(station: Station, named: dict[str, frozenset[HopReply]]) -> Iterator[Recognition]:
    if any(not meant.isdisjoint(station.replies) for meant in named.values()):
        yield Recognition(rests=Rests.WORD, keeps=State.FIREWALL, because="you said so", cites=station.cites())


def _by_behaviour(course: Course, known: frozenset[int]) -> dict[int, tuple[Recognition, ...]]:
    """By distance; *known* are those at which something else speaks for a device.

    What stops probes stands at one of two distances: where the first is known and the second is not, at the first.
    """
    ends = ((index - 1 if index - 1 in known and index not in known else index, why) for index, why in stopped(course))
    found: dict[int, tuple[Recognition, ...]] = {}
    for index, reason in (*ends, *prohibited(course), *rewritten(course)):
        found[index] = (*found.get(index, ()), reason)
    return found


def _listed(station: Station, known: Known) -> Iterator[tuple[Device, Citation | None]]:
    for reply in station.replies:
        device = known.device_of(reply)
        if device is not None:
            yield device, known.cite(reply)


def _by_list(listed: _Listed, station: Station) -> tuple[Recognition, ...]:
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
