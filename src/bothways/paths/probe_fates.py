"""What becomes of probes tells of devices that choose among packets: which kinds pass a distance, and how changed.

A router lets every packet pass that it can send on. What stops the probes of one tool while those of another go on
looks at more than the destination; whether it remembers connections or only has rules is not told by that, so it
stays a likelihood.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bothways.evidence.inventory import State
from bothways.evidence.path_report import Hop, Mark
from bothways.evidence.quoted_probe import QuotedProbe
from bothways.paths.course import Course
from bothways.paths.model import Path
from bothways.paths.stateful import Recognition, Rests

LEAST_SILENT = 2
"""Distances behind the last answer that must have kept silent: one alone may be a router that does not answer."""

_CALLED = {"icmp": "ICMP", "udp": "UDP", "tcp-syn": "TCP SYNs", "tcp-ack": "TCP ACKs"}


class _Reach(Struct, frozen=True, kw_only=True):
    """How far the probes of one kind come, by all reports of a way together."""

    probe: str
    last: int
    """The farthest distance that answered."""

    sent: int
    """The farthest distance that was probed."""

    path: Path
    """The report that shows the farthest."""

    hop: Hop


def stopped(course: Course) -> Iterator[tuple[int, Recognition]]:
    """The distance where probes of one kind end and those of another go on: it stands there, or right before it.

    Nothing is said where only the host at the end keeps silent.
    """
    reaches = [*_reaches(course)]
    for one in reaches:
        farther = [other for other in reaches if other.last > one.last]
        if not farther or one.sent - one.last < LEAST_SILENT or one.last + 1 > len(course.routers):
            continue
        other = max(farther, key=lambda reach: reach.last)
        because = (
            f"{_CALLED.get(one.probe, one.probe)} end behind hop {one.last} and "
            f"{_CALLED.get(other.probe, other.probe)} go on: that hop stops them, or the next one"
        )
        cites = (one.path.cite(one.hop), other.path.cite(other.hop))
        yield one.last + 1, Recognition(rests=Rests.PROBES, keeps=State.FIREWALL, because=because, cites=cites)


def _reaches(course: Course) -> Iterator[_Reach]:
    """One for each kind of probe that any router or the end answered."""
    kinds = dict.fromkeys(path.report.probe for path in course.paths if path.report.probe is not None)
    for probe in kinds:
        paths = [path for path in course.paths if path.report.probe == probe]
        answered = [(hop.index, path, hop) for path in paths for hop in path.hops if _passed_on(hop)]
        if answered:
            last, path, hop = max(answered, key=lambda item: item[0])
            # Text reports end with the first destination that answers, and tools list the silence behind the last hop.
            sent = max(hop.index for path in paths for hop in path.hops)
            yield _Reach(probe=probe, last=last, sent=sent, path=path, hop=hop)


def _passed_on(hop: Hop) -> bool:
    """An answer that does not say that somebody stopped the probe."""
    return any(not reply.marks for reply in hop.replies)


def prohibited(course: Course) -> Iterator[tuple[int, Recognition]]:
    """The hops that answer that the probe is prohibited by an administrator (RFC 1812 section 5.2.7.1)."""
    told = set()
    for path, hop in _hops(course):
        for reply in hop.replies:
            marked = Mark.PROHIBITED in reply.marks and reply.address != path.report.destination_address
            if marked and hop.index not in told:
                told.add(hop.index)
                because = "it answers that probes are prohibited (!X)"
                cites = (path.cite(hop),)
                yield hop.index, Recognition(rests=Rests.PROBES, keeps=State.FIREWALL, because=because, cites=cites)


def rewritten(course: Course) -> Iterator[tuple[int, Recognition]]:
    """The last hop that got a probe as it was sent, where the next one quotes it rewritten (RFC 5508 section 3.2).

    Many translators restore what routers behind them quote: that nothing is seen rewritten proves nothing.
    """
    for path in course.paths:
        before: Hop | None = None
        for hop in path.hops:
            quotes = [reply.quoted for reply in hop.replies if reply.quoted is not None]
            changed = next((what for quote in quotes if (what := _changed(path, quote))), None)
            if changed is not None:
                if before is not None and hop.index == before.index + 1:
                    yield before.index, _translation(changed, path, before, hop)
                break
            before = hop if quotes else None


def _translation(changed: str, path: Path, before: Hop, hop: Hop) -> Recognition:
    because = f"the next hop quotes the {changed} of the probe otherwise than it was sent, and it does not"
    cites = (path.cite(before), path.cite(hop))
    return Recognition(rests=Rests.TRANSLATION, keeps=State.TRANSLATOR, because=because, cites=cites)


def _changed(path: Path, quote: QuotedProbe) -> str | None:
    """What of the probe is quoted otherwise than the report says it was sent."""
    report = path.report
    pairs = (
        ("source address", report.source_address, quote.source),
        ("destination address", report.destination_address, quote.destination),
        ("destination port", report.port, quote.destination_port),
    )
    return next((what for what, sent, seen in pairs if sent is not None and seen is not None and sent != seen), None)


def _hops(course: Course) -> Iterable[tuple[Path, Hop]]:
    return ((path, hop) for path in course.paths for hop in path.hops)
