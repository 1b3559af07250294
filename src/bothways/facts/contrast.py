"""Whether size decided: small packets pass a stretch on which every large one dies."""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.delivery import Crossing
from bothways.connections.exchange import Seen
from bothways.connections.packet_class import PacketClass
from bothways.evidence.citation import Citation
from bothways.evidence.segment import Segment
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.stretches import Crossed, Stretch, lost_for_good, stretches
from bothways.facts.stuck import segment_size
from bothways.facts.subject import Subject, cite
from bothways.way import Way

ENOUGH = 3
"""Losses of large packets from which on chance is out of the question where everything small passes."""


BY_CHANCE = 0.001
"""Probability up to which the large ones can all have met the loss that the small ones met, too."""


class Contrast(StrEnum):
    """What size decided between two observers."""

    LARGE_LOST_SMALL_PASS = "large-lost-small-pass"  # noqa: S105 - no password
    SMALL_LOST_TOO = "small-lost-too"


SIZE_CONTRAST = Kind(
    id="size-contrast", asks="Do small packets pass where large ones die?", family="size", answers=Contrast
)


def size_contrast(subject: Subject) -> Fact:
    """Whether, between two observers, everything large was lost while everything small passed."""
    for way in Way:
        for stretch in stretches(subject, way):
            fact = _contrast_on(stretch)
            if fact is not None:
                return fact
    return unknown(SIZE_CONTRAST, "no two captures show which sizes were lost between them")


def _contrast_on(stretch: Stretch) -> Fact | None:
    missing = [(seen, segment) for seen, segment in lost_for_good(stretch.crossed) if segment.payload]
    if len(missing) < ENOUGH:
        return None
    if PacketClass.ACK in stretch.lost:
        return _fact(stretch, Contrast.SMALL_LOST_TOO, "bare ACKs are lost as well as data", stretch.witnesses)
    lost = [_on_wire(segment.payload, segment_size(seen)) for seen, segment in missing]
    passed = [(item, _size(item)) for item in stretch.crossed if item[1].arrived]
    later = [item for item, size in passed if size < min(lost) and _meanwhile(item, missing)]
    small = [crossing for item in stretch.crossed for crossing in item[1:] if _size(item) < min(lost)]
    gone = sum(not crossing.arrived for crossing in small)
    if small and (gone / len(small)) ** len(lost) > BY_CHANCE:
        return None
    largest = max((size for _, size in passed), default=0)
    if min(lost) <= largest:
        answer, says = Contrast.SMALL_LOST_TOO, f"{min(lost)} bytes were lost where {largest} bytes passed"
    elif later:
        answer = Contrast.LARGE_LOST_SMALL_PASS
        says = f"all {len(lost)} packets of {min(lost)} bytes or more were lost, and {_spared(small, largest)}"
    else:
        return None
    witnesses = (*cite(*missing[0]), *cite(*missing[-1]), *(cite(later[0][0], later[0][1].segment) if later else ()))
    return _fact(stretch, answer, says, witnesses)


def _spared(small: Sequence[Crossing], largest: int) -> str:
    passed = sum(crossing.arrived for crossing in small)
    if passed == len(small):
        return f"nothing up to {largest} bytes was"
    return f"{passed} of {len(small)} up to {largest} bytes passed"


def _fact(stretch: Stretch, answer: Contrast, says: str, cites: tuple[Citation, ...]) -> Fact:
    return Fact(
        kind=SIZE_CONTRAST,
        answer=answer,
        says=f"from {stretch.upstream.vantage} to {stretch.downstream.vantage}, {says}",
        way=stretch.way,
        vantage=stretch.downstream.vantage,
        cites=cites,
        sure=stretch.sure,
    )


def _meanwhile(item: Crossed, missing: Sequence[tuple[Seen, Segment]]) -> bool:
    """Whether a packet crossed in a connection that had lost a large one before.

    Small ones passed where large ones died.
    """
    seen, crossing = item
    return any(lost_by is seen and segment.at <= crossing.segment.at for lost_by, segment in missing)


def _size(item: Crossed) -> int:
    seen, crossing = item
    return _on_wire(crossing.segment.payload, segment_size(seen))


def _on_wire(payload: int, full: int | None) -> int:
    """Payload bytes per packet on the wire: the network card cuts what is larger than a full segment."""
    return min(payload, full) if full else payload
