"""How good each observer was, in sentences: what its capture cannot show, and how sure its place is."""

from collections.abc import Iterator
from dataclasses import dataclass

from bothways.connections.observer import ROWS_LOOKED_AT, Observer, Place
from bothways.connections.sides import sides_of
from bothways.evidence.capture import Survey
from bothways.report.text import clean, counted
from bothways.units import between, plain

LARGEST_ON_ETHERNET = 1600
"""Bytes: 1500 of IP and room for link headers and tags. A larger frame was not what an Ethernet cable carried."""

WHOLE_HEADERS = 160
"""Bytes that hold the longest usual headers: link, IPv6 with an extension, TCP with all its options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence about an observer."""

    says: str
    limits: bool
    """It takes something away from what the capture can show, so it belongs on every page."""


def remarks(observer: Observer) -> tuple[Remark, ...]:
    """What a reader should know about *observer*, the place first."""
    limits = [*_amount(observer.survey), *_cut(observer.survey), *_blind(observer), *_damage(observer.survey)]
    return (
        Remark(says=_placed(observer), limits=not observer.sure),
        *(Remark(says=clean(note), limits=True) for note in observer.notes),
        *(Remark(says=says, limits=True) for says in limits),
        *(Remark(says=says, limits=False) for says in _otherwise(observer.survey)),
    )


_STANDS = {
    Place.CLIENT: "at the client",
    Place.SERVER: "at the server",
    Place.BETWEEN: "between client and server",
}


def _placed(observer: Observer) -> str:
    where = _STANDS.get(observer.place)
    if where is None:
        return "where it was taken cannot be told; say it with --vantage"
    if observer.certainty >= 1:
        return f"taken {where}, as you said"
    # A name that the content leaves open is followed, and is worth no more than a name.
    sure = "" if observer.sure else f", {observer.certainty:.0%} sure; --vantage makes it certain"
    return f"taken {where}, by its TTLs{sure}" if observer.sure else f"taken {where}, by its name and TTLs{sure}"


def _amount(survey: Survey) -> Iterator[str]:
    if not survey.packets:
        yield "empty: it shows nothing, which proves nothing"
    elif not survey.tcp_packets:
        yield f"none of its {counted(survey.packets, 'packet')} is TCP"
    if survey.dropped:
        yield (
            f"the capturing program lost {counted(survey.dropped, 'packet')}: what it does not show may have been there"
        )


def _cut(survey: Survey) -> Iterator[str]:
    if survey.cut_packets:
        kept = f" by a snap length of {survey.snap_length} bytes" if survey.snap_length else ""
        yield f"{counted(survey.cut_packets, 'packet')} cut off{kept}: the missing header bytes are unknown, not absent"
    elif survey.snap_length is not None and survey.snap_length < WHOLE_HEADERS:
        yield f"keeps {survey.snap_length} bytes of each packet: names and contents are cut off"


def _blind(observer: Observer) -> Iterator[str]:
    """A tap of one way shows acknowledgements moving for data that it never shows."""
    rows = observer.survey.rows[:ROWS_LOOKED_AT]
    sides = [sides_of(row) for row in rows]
    for way, blind in (
        ("back", sum(side.blind_back for side in sides)),
        ("there", sum(side.blind_there for side in sides)),
    ):
        if blind and blind == len(sides):
            yield f"sees nothing of the way {way}, which by itself proves no loss"
        elif blind:
            yield f"sees nothing of the way {way} of {blind} of its {counted(len(sides), 'connection')}"


def _damage(survey: Survey) -> Iterator[str]:
    if survey.problems:
        more = f" (and {counted(len(survey.problems) - 1, 'more problem')})" if len(survey.problems) > 1 else ""
        yield f"{clean(str(survey.problems[0]))}{more}"


def _otherwise(survey: Survey) -> Iterator[str]:
    if survey.packets and survey.first is not None and survey.last is not None:
        tcp = "all TCP" if survey.tcp_packets == survey.packets else f"{survey.tcp_packets} of them TCP"
        span = plain(between(survey.first, survey.last))
        yield f"{counted(survey.packets, 'packet')} ({tcp}) in {span}, {counted(len(survey.rows), 'connection')}"
    if survey.largest_frame > LARGEST_ON_ETHERNET:
        yield (
            f"frames of up to {survey.largest_frame} bytes: the network card cuts or joins packets beyond this point "
            "(offload), or the link carries jumbo frames"
        )
    if survey.packets and survey.dropped is None:
        yield "the file does not record whether packets were lost while capturing"
    if survey.dropped == 0:
        yield "no packets were lost while capturing, by its own word"
