"""What lies between the routers that certainly stand on both ways, hop by hop of each way.

Between two such pairs the ways pass the same routers only if both pass as many; where one of them passes none, whatever
the other one passes there stands on it alone, silent hops included.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from bothways.facts.laid_out import is_pair
from bothways.facts.same_hops import end_of, names, on, row_of
from bothways.facts.subject import Subject
from bothways.paths.alignment import ONE_WAY, Alignment, Row
from bothways.paths.comparing import is_translated
from bothways.paths.course import Course, Station
from bothways.paths.odds import CERTAIN
from bothways.way import Way


class Gap(Struct, frozen=True, kw_only=True):
    """One stretch between two neighbouring pairs."""

    before: Row | None
    """The pair on the client's side; None: the client itself."""

    after: Row | None
    """The pair on the server's side; None: the server itself."""

    there: tuple[Station, ...]
    """What the way there passes in between, as far as reports list it, silent hops included."""

    back: tuple[Station, ...]
    lengths: tuple[int | None, int | None]
    """How many hops the way there and the way back pass in between; None where a report ends too early to tell or lacks
    some by its own word, as those of a tunnel."""

    only_there: tuple[Station, ...]
    """What certainly stands on the way there and not on the way back."""

    only_back: tuple[Station, ...]

    @property
    def parts(self) -> bool:
        """Whether the ways certainly pass different routers here."""
        there, back = self.lengths
        unequal = there is not None and back is not None and there != back
        return unequal or bool(self.only_there or self.only_back)

    def length(self, way: Way) -> int | None:
        """How many hops one *way* passes."""
        return self.lengths[0] if way is Way.THERE else self.lengths[1]

    def passed(self, way: Way) -> tuple[Station, ...]:
        """What one *way* passes, as far as reports list it."""
        return self.there if way is Way.THERE else self.back

    def only(self, way: Way) -> tuple[Station, ...]:
        """What certainly stands on one *way* alone."""
        return self.only_there if way is Way.THERE else self.only_back


def gaps(subject: Subject, alignment: Alignment) -> tuple[Gap, ...]:
    """The stretches of *alignment* from the client to the server, empty ones too."""
    pairs = [row for row in alignment.rows if is_pair(row)]
    bounds = [None, *pairs, None]
    return tuple(_gap(subject, alignment, *both) for both in pairwise(bounds))


def _gap(subject: Subject, alignment: Alignment, before: Row | None, after: Row | None) -> Gap:
    there, there_length = _between(subject, alignment.there, before, after)
    back, back_length = _between(subject, alignment.back, after, before)
    if before is None and there and is_translated(alignment.there, alignment.back):
        back_length = None  # it may end at the device that translates, and not at the client
    return Gap(
        before=before,
        after=after,
        there=there,
        back=back,
        lengths=(there_length, back_length),
        only_there=tuple(_alone(alignment, there, back, back_length)),
        only_back=tuple(_alone(alignment, back, there, there_length)),
    )


def _between(
    subject: Subject, course: Course, first: Row | None, last: Row | None
) -> tuple[tuple[Station, ...], int | None]:
    """The stations of *course* between two pairs in its own direction, and how many hops there are."""
    start, end = (on(row, course.way) if row else None for row in (first, last))
    low = start.index if start else 0
    high = end.index if end else end_of(subject, course)
    routers = course.stations if high is not None else course.routers
    within = tuple(one for one in routers if one.index > low and (high is None or one.index < high))
    hides = any(one.hidden for one in (*within, *((end,) if end else ())))
    return within, None if high is None or high <= low or hides else high - low - 1


def _alone(
    alignment: Alignment, mine: Sequence[Station], others: Sequence[Station], length: int | None
) -> Iterator[Station]:
    """Which of *mine* are none of the *others*, of which there are *length*."""
    told = length == len(others) and all(names(other.replies) for other in others)
    for station in mine:
        row = row_of(alignment, station)
        known = row is not None and row.kinship in ONE_WAY and row.confidence >= CERTAIN
        if length == 0 or known or (told and names(station.replies)):
            yield station
