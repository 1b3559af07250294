"""What the picture of two ways means, and what it cannot tell, in sentences; strangers' names stand in them as read."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.inventory import State
from bothways.paths.alignment import Row
from bothways.paths.model import Told
from bothways.report.summary import WAYS
from bothways.report.text import counted, listed, share
from bothways.report.ways_rows import BASES
from bothways.report.ways_stretches import Stretch, sentence
from bothways.way import Way


def says(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    """Everything worth a sentence; *found*: the stretches between the pairs of *ways*."""
    yield from _told(ways)
    yield from partings(ways, found)
    yield from unfinished(ways)
    yield silence(ways)
    yield from _about_devices(ways)
    yield from _left_out(ways)


def partings(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    """Where the ways part, and what each of them passes there."""
    if ways.alignment is None:
        return
    told = [stretch for stretch in found if stretch.certain or stretch.answers]
    yield from (sentence(stretch, ways.alignment) for stretch in told[:MOST_STRETCHES])
    if len(told) > MOST_STRETCHES:
        yield f"{len(told) - MOST_STRETCHES} more such stretches are in the picture."
    if not found:
        yield f"Both ways pass the same {counted(len(ways.alignment.pairs), 'router')}."


MOST_STRETCHES = 4
"""Stretches that get a sentence each."""


def _told(ways: WaysOf) -> Iterator[str]:
    if ways.told is Told.ORDER:
        yield (
            "Nothing in the reports tells which way each of them goes: the first one named is taken for the way there "
            "(--path FILE=there or FILE=back decides)."
        )
    if ways.told is Told.HOPS:
        yield "Which way each report goes is told by the routers that they have in common alone."


def unfinished(ways: WaysOf) -> Iterator[str]:
    """Which reports end before the other end."""
    for course in (ways.there, ways.back):
        if course is None or course.reached is not False:
            continue
        answering = [station for station in course.stations if not station.silent]
        ends = f"ends at hop {answering[-1].index}, {answering[-1].label}," if answering else "shows no answer at all"
        yield (
            f"The report of {WAYS[course.way]} {ends} and does not reach the other end. Its probes are no "
            "connections: this alone does not say that TCP fails."
        )


UNSEEN = "what lowers no TTL (a bridge, a transparent firewall) shows in no path report"


def silence(ways: WaysOf) -> str:
    """What could stand on the ways unseen."""
    silent = [(course.silent, WAYS[course.way]) for course in (ways.there, ways.back) if course and course.silent]
    if not silent:
        return f"Every hop that the reports list answered; {UNSEEN}."
    told = listed([f"{counted(number, 'silent hop')} on {way}" for number, way in silent])
    return f"{told} could hide a device each; {UNSEEN}."


def _about_devices(ways: WaysOf) -> Iterator[str]:
    for device in ways.devices:
        stands = listed([f"hop {index} {way}" for way in Way if (index := device.index(way)) is not None])
        weak = ", which is weak: names lie (--firewall NAME says it for sure)" if device.by_name_only else ""
        because, *others = dict.fromkeys(reason.because for reason in device.recognitions)
        also = f"; also because {listed(others)}" if others else ""
        yield f"{device.label} ({stands}) is taken for {KEEPS[device.keeps]} because {because}{weak}{also}."


KEEPS = {
    State.FIREWALL: "a stateful firewall",
    State.TRANSLATOR: "a device that translates addresses",
    State.BALANCER: "a load balancer",
    State.OTHER: "a stateful device",
}


def _left_out(ways: WaysOf) -> Iterator[str]:
    for course in ways.earlier:
        yield f"{course.paths[0].report.file}: {WAYS[course.way]} was another one before, and is not drawn."
    for stray in ways.strays[:MOST_STRAYS]:
        yield f"{stray.report.file} is left out: it {stray.why}."
    if len(ways.strays) > MOST_STRAYS:
        yield f"{len(ways.strays) - MOST_STRAYS} more reports are left out, too."


MOST_STRAYS = 3
"""Reports that are left out and named."""


def details(ways: WaysOf) -> Iterator[str]:
    """On what each pair rests."""
    if ways.alignment is None:
        return
    rests = Counter(row.bases[0] for row in ways.alignment.pairs if row.bases)
    if rests:
        told = listed([f"{BASES[basis]} ({number})" for basis, number in rests.most_common()])
        yield f"The pairs rest on {told}."
    yield from (_pair(row) for row in ways.alignment.pairs)


def _pair(row: Row) -> str:
    there, back = row.there, row.back
    bases = listed([BASES[basis] for basis in row.bases])
    named = f"{there.label if there else ''} is hop {there.index if there else 0} there"
    beside = "" if there and back and there.label == back.label else f", as {back.label if back else ''}"
    return f"{named} and hop {back.index if back else 0} back{beside}: by {bases}, {share(row.confidence)}."
