"""What an observer looks like beside the others: whether it saw the same connections, and how it saw them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.connections.clock import ClockOffset
from bothways.connections.exchange import Exchange
from bothways.connections.observer import ROWS_LOOKED_AT, Observer
from bothways.connections.rewriting import Side, side_of
from bothways.connections.tally import how_many
from bothways.units import MILLISECOND, Duration


class Meets(StrEnum):
    """What an observer has in common with the others."""

    SHARED = "shared"
    """Connections or hosts that another one saw as well, or there is no other one."""
    STRANGERS = "strangers"
    """It ran while the others did, and shows other hosts only."""
    ANOTHER_TIME = "another-time"
    """It ran when none of the others did, by its clock."""


WORTH_SAYING = Duration(100 * MILLISECOND)
"""Clocks that differ by less are as good as equal to people who compare time stamps."""


class Company(Struct, frozen=True, kw_only=True):
    """One observer among the others."""

    meets: Meets = Meets.SHARED
    translation: Side | None = None
    """On which side of address translation it stands; None where none was seen."""

    undecided: int = 0
    """Connections of which several of another observer's could be the same; they were joined with none."""

    clock: str = ""
    """How its clock goes against that of the observer nearest to the client, in words; empty where alike or unknown."""


ALONE = Company()
"""An observer without others."""


def company_of(
    observer: Observer,
    ordered: Sequence[Observer],
    exchanges: Sequence[Exchange],
    offset: ClockOffset | None,
) -> Company:
    """Compare *observer* with the others.

    Args:
        observer: One of *ordered*.
        ordered: All, from the client to the server.
        exchanges: All connections.
        offset: From the first of *ordered* to *observer*, where that is another one and packets tell.
    """
    notable = offset is not None and (abs(offset.offset) >= WORTH_SAYING or offset.drift or offset.steps)
    return Company(
        meets=_meets(observer, ordered, exchanges),
        translation=side_of(observer, exchanges),
        undecided=how_many(one for one in exchanges if one.rivals > 0 and one.seen[0].observer is observer),
        clock=offset.says() if offset is not None and notable else "",
    )


def _meets(observer: Observer, ordered: Sequence[Observer], exchanges: Iterable[Exchange]) -> Meets:
    others = [other for other in ordered if other is not observer and other.survey.rows]
    if not others or not observer.survey.rows or _holds_what_matters(observer, exchanges):
        return Meets.SHARED
    if _hosts(observer) & set[str]().union(*map(_hosts, others)):
        return Meets.SHARED
    return Meets.STRANGERS if any(_overlap(observer, other) for other in others) else Meets.ANOTHER_TIME


def _hosts(observer: Observer) -> set[str]:
    rows = observer.survey.rows[:ROWS_LOOKED_AT]
    return {end.address for row in rows for end in (row.opener, row.other)}


def _holds_what_matters(observer: Observer, exchanges: Iterable[Exchange]) -> bool:
    """Whether it saw a connection that another one saw too, or one that failed: then the others are the strangers."""
    mine = (one for one in exchanges if any(seen.observer is observer for seen in one.seen))
    return any(len(one.seen) > 1 or one.outcome.failed for one in mine)


def _overlap(one: Observer, other: Observer) -> bool:
    spans = [(observer.survey.first, observer.survey.last) for observer in (one, other)]
    (first, last), (begins, ends) = spans
    if first is None or last is None or begins is None or ends is None:
        return False
    return first <= ends and begins <= last
