"""Devices that lower no TTL, which no report can show: where the user's list says that they stand.

A way passes such a device where it passes both its neighbours one after the other; where it passes both with other
routers in between, it takes another link. Of a way that shows only one of them nothing is told.
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.inventory import Device
from bothways.evidence.path_report import HopReply
from bothways.facts.same_hops import calls, seen_on
from bothways.facts.subject import Subject
from bothways.paths.called import Closeness, closeness
from bothways.paths.course import Course
from bothways.way import Way


class Passes(StrEnum):
    """Whether a way passes the device."""

    YES = "yes"
    NO = "no"
    UNTOLD = "cannot-tell"


class UnseenDevice(Struct, frozen=True, kw_only=True):
    """A stateful device of the user's list that is no hop of any report."""

    device: Device
    neighbours: tuple[str, str]
    there: Passes
    back: Passes
    cites: tuple[Citation, ...]
    """Where the list tells of it, and where the reports show its neighbours."""


def unseen_devices(subject: Subject) -> tuple[UnseenDevice, ...]:
    """Those that at least one of the case's own ways passes."""
    found = (_placed(subject, file, device) for file, device in _listed(subject))
    return tuple(one for one in found if Passes.YES in (one.there, one.back))


def _listed(subject: Subject) -> Iterator[tuple[str, Device]]:
    for inventory, device in subject.known.unseen:
        if device.keeps is not None and device.between is not None:
            yield inventory.file, device


def _placed(subject: Subject, file: str, device: Device) -> UnseenDevice:
    neighbours = device.between or ("", "")
    known = [calls(subject, _meant(subject, name)) for name in neighbours]
    passes = {way: _passes(subject.ways(way), known) for way in Way}
    shown = [
        cite
        for course in subject.courses
        if not course.control
        for replies in known
        if (station := seen_on(course, replies)) is not None
        for cite in station.cites()
    ]
    return UnseenDevice(
        device=device,
        neighbours=neighbours,
        there=passes[Way.THERE],
        back=passes[Way.BACK],
        cites=(Citation(file=file, line=device.line or None), *shown),
    )


def _meant(subject: Subject, name: str) -> list[HopReply]:
    replies = (reply for course in subject.courses for station in course.stations for reply in station.replies)
    return [reply for reply in dict.fromkeys(replies) if _is_called(subject, reply, name)]


def _is_called(subject: Subject, reply: HopReply, name: str) -> bool:
    close = closeness(reply, name)
    listed = (subject.known.device(reply) or "").casefold() == name.casefold()
    return listed or (close is not None and close is not Closeness.PART)


def _passes(courses: tuple[Course, ...], neighbours: list[tuple[HopReply, ...]]) -> Passes:
    """What all *courses* of a way agree about."""
    told = {_passes_once(course, neighbours) for course in courses}
    return told.pop() if len(told) == 1 else Passes.UNTOLD


def _passes_once(course: Course, neighbours: list[tuple[HopReply, ...]]) -> Passes:
    one, other = (seen_on(course, replies) if replies else None for replies in neighbours)
    if one is None or other is None or one is other:
        return Passes.UNTOLD
    return Passes.YES if abs(one.index - other.index) == 1 else Passes.NO
