"""What the picture of two ways means, and what it cannot tell, in sentences; strangers' names stand in them as read."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.inventory import State
from bothways.facts.loops import LOOP
from bothways.facts.ways import TRACE_THERE
from bothways.facts.ways_part import WAYS_PART
from bothways.paths.alignment import Row
from bothways.paths.comparing import is_translated
from bothways.paths.course import Station
from bothways.paths.forms import Apart
from bothways.paths.model import Told
from bothways.report.summary import WAYS
from bothways.report.text import counted, listed, places, share
from bothways.report.ways_rows import BASES
from bothways.report.ways_stretches import Stretch, sentence
from bothways.way import Way


def says(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    """Everything worth a sentence; *found*: the stretches between the pairs of *ways*."""
    yield from _told(ways)
    yield from partings(ways, found)
    yield from unfinished(ways)
    yield from _translated(ways)
    if ways.circle:
        yield f"{_capital(ways.circle.says)} [{'; '.join(places(ways.circle.cites))}]."
    yield from _losses(ways)
    yield silence(ways)
    yield from _about_devices(ways)
    yield from _further(ways)
    yield from _left_out(ways)


def partings(ways: WaysOf, found: Sequence[Stretch]) -> Iterator[str]:
    """Where the ways part, and what each of them passes there."""
    if ways.alignment is None:
        return
    told = [stretch for stretch in found if stretch.parts or stretch.answers]
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
        ends = "shows no answer at all"
        if answering:
            behind = course.stations[-1].index
            silence = f" (silence behind it, up to hop {behind})" if behind > answering[-1].index else ""
            ends = f"ends at hop {answering[-1].index}, {answering[-1].label}{silence},"
        yield (
            f"The report of {WAYS[course.way]} {ends} and does not reach the other end. Its probes are no "
            "connections: this alone does not say that TCP fails."
        )


def _translated(ways: WaysOf) -> Iterator[str]:
    """That a way back to an address that stands for the client's shows nothing of what lies behind that."""
    first = next((row for row in ways.rows if row.there is not None), None)
    if first is None or first.back is not None or ways.there is None or ways.back is None:
        return
    if is_translated(ways.there, ways.back):
        yield (
            "The way back was measured to an address that is most likely not the client's own: it may end at the "
            "device that translates, and shows nothing of the routers between that and the client."
        )


UNSEEN = "what lowers no TTL (a bridge, a transparent firewall) shows in no path report"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _losses(ways: WaysOf) -> Iterator[str]:
    """Loss that goes on to the end of a way; what single routers leave unanswered is none of the path."""
    for course in (ways.there, ways.back):
        loss = course.loss if course else None
        if course is None or loss is None:
            continue
        hop = f"hop {loss.first.index}, {loss.first.label},"
        if loss.stations == 1:
            yield (
                f"The last answering hop of {WAYS[course.way]}, {loss.first.label}, leaves {loss.share:.0%} of the "
                "probes unanswered: it may limit its replies, or the path loses them."
            )
        else:
            yield f"Probes are lost on {WAYS[course.way]} or on their return: {loss.share:.0%} from {hop} to the end."


def silence(ways: WaysOf) -> str:
    """What could stand on the ways unseen."""
    silent = [(course.silent, WAYS[course.way]) for course in (ways.there, ways.back) if course and course.silent]
    if not silent:
        return f"No hop before the last answer is silent; {UNSEEN}."
    told = listed([f"{counted(number, 'silent hop')} on {way}" for number, way in silent])
    each = " each" if sum(number for number, _ in silent) > 1 else ""
    return f"{told} could hide a device{each}; {UNSEEN}."


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


def _further(ways: WaysOf) -> Iterator[str]:
    """What else the reports answer, of controls, lengths and sizes, where no cause follows from it."""
    told = {item.fact.kind for item in ways.follows} | _TOLD_OTHERWISE
    for fact in ways.facts:
        if fact.known and fact.kind not in told:
            cited = f" [{'; '.join(places(fact.cites))}]" if fact.cites else ""
            yield f"{_capital(fact.says)}{cited}."


_TOLD_OTHERWISE = frozenset({WAYS_PART, LOOP, TRACE_THERE})
"""By the picture, and by what is said of reports that end early."""


def _left_out(ways: WaysOf) -> Iterator[str]:
    for course in ways.others:
        files = listed(list(dict.fromkeys(path.report.file for path in course.paths))[:MOST_FILES])
        yield f"Another form of {WAYS[course.way]} is not drawn ({files}): {APART[course.apart or Apart.UNTOLD]}."
    for stray in ways.strays[:MOST_STRAYS]:
        yield f"{stray.report.file} is left out: it {stray.why}."
    if len(ways.strays) > MOST_STRAYS:
        yield f"{len(ways.strays) - MOST_STRAYS} more reports are left out, too."


APART = {
    Apart.TIME: "the way changed between the reports",
    Apart.TURNS: "the path is balanced over ways of unequal length",
    Apart.UNTOLD: "too few reports tell whether the way changed or is balanced",
}

MOST_FILES = 3
"""Files that a sentence names."""

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
    if there is None or back is None:
        return ""
    bases = listed([BASES[basis] for basis in row.bases])
    beside = "" if there.label == back.label else f", as {_whole(back)}"
    places = f"is hop {there.index} there and hop {back.index} back"
    return f"{_whole(there)} {places}{beside}: by {bases}, {share(row.confidence)}."


def _whole(station: Station) -> str:
    """Its name with the addresses that reports have of it."""
    addresses = dict.fromkeys(reply.address for reply in station.replies if reply.address)
    others = [address for address in addresses if address != station.label]
    told = [
        *others[:MOST_ADDRESSES],
        *([f"{len(others) - MOST_ADDRESSES} more"] if len(others) > MOST_ADDRESSES else []),
    ]
    return f"{station.label} ({', '.join(told)})" if told else station.label


MOST_ADDRESSES = 4
"""Addresses of one hop that a sentence names."""
