"""What became of ping's requests by their size, between the two ends of the case.

A ping says less than TCP's own packets: filters drop large ones that carry nothing harmful, a reply is as large as its
request so that either way may be the narrow one, and balanced paths may lead it elsewhere. So that large ones die while
small ones return settles nothing. That full-sized ones return does: both ways carry them.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.echo import EchoRun
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject

FULL = 1500
"""Bytes of the largest IP packet of an ordinary link: what is larger than TCP's segments there."""

ENOUGH = 3
"""Requests of one size without an answer, and of a smaller one with an answer, before size is what tells them apart."""

BY_CHANCE = 0.001
"""Probability up to which the large ones can all have met the loss that the small ones met, too."""


class Echoes(StrEnum):
    """What became of large pings where small ones come back."""

    LARGE_RETURN = "large-return"
    LARGE_TOLD = "large-told"
    """Somebody said that they do not fit, and nothing of the size that fits was lost."""
    LARGE_SILENT = "large-silent"


ECHO_SIZES = Kind(id="echo-sizes", asks="Do large pings come back as small ones do?", family="size", answers=Echoes)


class _Pinged(Struct, frozen=True, kw_only=True):
    """One run between the case's ends, and where it stands."""

    file: str
    run: EchoRun

    def cite(self) -> Citation:
        return Citation(file=self.file, line=self.run.line)


def echo_sizes(subject: Subject) -> Fact:
    """By all runs to either end together."""
    runs = list(_between_the_ends(subject))
    if not runs:
        return unknown(ECHO_SIZES, "no ping between the two ends is at hand")
    answered = [item for item in runs if item.run.received]
    if not answered:
        return unknown(ECHO_SIZES, "no ping was answered, whatever its size")
    largest = max(answered, key=lambda item: (item.run.packet, bool(item.run.unfragmented)))
    if largest.run.packet >= FULL:
        says = f"{largest.run.received} of {largest.run.sent} pings of {largest.run.packet} bytes came back"
        whole = largest.run.unfragmented is True
        return _fact(Echoes.LARGE_RETURN, says, [largest], sure=whole, decisive=whole)
    return _of_the_lost(runs, answered, largest)


def _of_the_lost(runs: Sequence[_Pinged], answered: Sequence[_Pinged], largest: _Pinged) -> Fact:
    larger = [item for item in runs if item.run.packet > largest.run.packet]
    silent = [item for item in larger if not item.run.too_large and not item.run.other_errors]
    told = [item for item in larger if any(one.sender or one.mtu for one in item.run.too_large)]
    lost = sum(item.run.sent for item in silent)
    if lost >= ENOUGH and _has_no_other_reason(lost, answered):
        least = min(item.run.packet for item in silent)
        says = f"none of {lost} pings of {least} bytes or more came back, and nobody said why; {_passed(largest)}"
        return _fact(Echoes.LARGE_SILENT, says, [silent[0], largest])
    if told and not silent:
        fits = {one.mtu for item in told for one in item.run.too_large if one.mtu}
        size = f": {min(fits)} bytes fit" if fits else ""
        return _fact(Echoes.LARGE_TOLD, f"large pings are told to be too large{size}; {_passed(largest)}", told[:2])
    return unknown(ECHO_SIZES, f"no larger pings than {largest.run.packet} bytes were tried often enough")


def _passed(largest: _Pinged) -> str:
    return f"{largest.run.received} of {largest.run.sent} of {largest.run.packet} bytes did"


def _has_no_other_reason(lost: int, answered: Sequence[_Pinged]) -> bool:
    """Whether the loss of those that were answered at all cannot have taken *lost* others in a row."""
    sent, back = sum(item.run.sent for item in answered), sum(item.run.received for item in answered)
    share: float = (sent - back) / sent
    return back >= ENOUGH and bool(share**lost <= BY_CHANCE)


def _fact(answer: Echoes, says: str, shown: Sequence[_Pinged], *, sure: bool = True, decisive: bool = False) -> Fact:
    cites = tuple(item.cite() for item in shown)
    return Fact(kind=ECHO_SIZES, answer=answer, says=says, cites=cites, sure=sure, decisive=decisive)


def _between_the_ends(subject: Subject) -> Iterable[_Pinged]:
    ends = {subject.server.address, subject.client} - {""}
    for log in subject.echoes:
        for run in log.runs:
            named = run.address is None and bool(subject.name) and run.destination == subject.name
            if run.address in ends or named:
                yield _Pinged(file=log.file, run=run)
