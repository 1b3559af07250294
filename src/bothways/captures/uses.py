"""Which of the chosen connections between the same ends a packet belongs to; a scan uses ports thousands of times."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from bothways.evidence.capture import Chosen


class Uses:
    """Connections by the numbers of their packets: those that overlap are few, however many there are."""

    def __init__(self, chosen: Sequence[Chosen]) -> None:
        """*chosen*: all between the same two ends."""
        self._order = sorted(range(len(chosen)), key=lambda place: chosen[place].first_number)
        self._firsts = [chosen[place].first_number for place in self._order]
        self._lasts = [chosen[place].last_number for place in self._order]
        self._reach = list(accumulate(self._lasts, max))
        """The last packet of each and of all that began before it."""

    def around(self, number: int) -> Iterator[int]:
        """The places, among what was chosen, of those between whose first and last packet *number* stands."""
        at = bisect_right(self._firsts, number) - 1
        while at >= 0 and self._reach[at] >= number:
            if self._lasts[at] >= number:
                yield self._order[at]
            at -= 1
