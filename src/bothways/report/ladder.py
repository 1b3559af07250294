"""Draws a typical exchange as a ladder: three uprights, time downward, one rung per packet."""

from textwrap import wrap

from msgspec import Struct

from bothways.theories.ladder import Ladder, Rung, Upright
from bothways.way import Way

LEFT = 3
"""Column of the client's upright; its name stands around it."""

NARROWEST_GAP, WIDEST_GAP = 10, 26
"""Columns between two uprights: room for an arrow with a few letters; wider looks empty."""

NOTE_ROOM = 24
"""Columns that a note needs beside a rung; with fewer it stands below."""


class Strokes(Struct, frozen=True, kw_only=True):
    """What a ladder is drawn with, each one column wide."""

    upright: str
    crossing: str
    through: str
    """A packet that meets what stands in the middle."""

    around: str
    """A packet that takes a way around it."""

    starts: tuple[str, str]
    """Where a packet leaves an end: to the right, to the left."""

    made: str
    """Where what stands in the middle makes a packet itself."""

    arrows: tuple[str, str]
    lost: str


UNICODE = Strokes(
    upright="│",
    crossing="┼",
    through="─",
    around="╌",
    starts=("├", "┤"),
    made="●",
    arrows=("►", "◄"),
    lost="✘",
)
ASCII = Strokes(
    upright="|", crossing="+", through="-", around=".", starts=("|", "|"), made="o", arrows=(">", "<"), lost="X"
)


def strokes_for(encoding: str | None) -> Strokes:
    """The strokes that can be written in *encoding*."""
    every = UNICODE.upright + UNICODE.around + UNICODE.made + "".join(UNICODE.arrows) + UNICODE.lost
    try:
        every.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


class Line(Struct, frozen=True, kw_only=True):
    """One line of a drawing."""

    text: str
    rung: Rung | None = None
    """The packet that it draws; None for what only carries the uprights and words on."""


def draw(ladder: Ladder, *, width: int, strokes: Strokes) -> list[Line]:
    """*ladder* in lines of at most *width* columns (but not less than 26), with a legend of the strokes it needs."""
    return _Drawing(ladder, width, strokes).lines()


class _Drawing:
    """One ladder and its measures."""

    def __init__(self, ladder: Ladder, width: int, strokes: Strokes) -> None:
        self.ladder = ladder
        self.width = width
        self.strokes = strokes
        # The label, a space on each side of it, the head, and strokes enough to see that it is an arrow.
        wanted = max([len(rung.packet) + 9 for rung in ladder.rungs] + [len(ladder.middle) // 2 + 6])
        room = (width - 2 * LEFT - 3) // 2
        self.gap = max(NARROWEST_GAP, min(wanted, room, WIDEST_GAP))
        self.columns = {
            Upright.CLIENT: LEFT,
            Upright.MIDDLE: LEFT + self.gap + 1,
            Upright.SERVER: LEFT + 2 * self.gap + 2,
        }
        self.notes_at = self.columns[Upright.SERVER] + 3

    def lines(self) -> list[Line]:
        """The ladder from its heads to its legend."""
        body = [line for rung in self.ladder.rungs for line in self._rung(rung)]
        return [*self._heads(), Line(text=self._uprights()), *body, Line(text=self._uprights()), *self._legend()]

    def _heads(self) -> list[Line]:
        middle = wrap(self.ladder.middle, max(2 * self.gap - 6, NARROWEST_GAP))
        at = self.columns[Upright.MIDDLE]
        lines = [f"{'':{max(at - len(words) // 2, 0)}}{words}" for words in middle]
        last = f"{'client':{max(at - len(middle[-1]) // 2, 0)}}{middle[-1]}"
        lines[-1] = f"{last:{self.columns[Upright.SERVER] - LEFT}}server"
        return [Line(text=line) for line in lines]

    def _uprights(self) -> str:
        row = [" "] * (self.columns[Upright.SERVER] + 1)
        for column in self.columns.values():
            row[column] = self.strokes.upright
        return "".join(row)

    def _rung(self, rung: Rung) -> list[Line]:
        beside = self.width - self.notes_at >= NOTE_ROOM
        notes = wrap(rung.note, self.width - (self.notes_at if beside else LEFT + 2)) if rung.note else []
        fits = len(rung.packet) + 4 <= self.gap
        arrow = self._arrow(rung, labelled=fits)
        lines = [] if fits else [Line(text=f"{' ' * (LEFT + 2)}{rung.packet}")]
        if not beside:
            return [*lines, Line(text=arrow, rung=rung), *(Line(text=f"{' ' * (LEFT + 2)}{note}") for note in notes)]
        first, *more = notes or [""]
        lines.append(Line(text=f"{arrow:{self.notes_at}}{first}".rstrip(), rung=rung))
        return [*lines, *(Line(text=f"{self._uprights():{self.notes_at}}{note}") for note in more)]

    def _arrow(self, rung: Rung, *, labelled: bool) -> str:
        row = list(self._uprights())
        start, end = self.columns[rung.start], self.columns[rung.end]
        low, high = min(start, end), max(start, end)
        for column in range(low + 1, high):
            row[column] = self.strokes.around if rung.around else self.strokes.through
        if low < self.columns[Upright.MIDDLE] < high:
            row[self.columns[Upright.MIDDLE]] = self.strokes.upright if rung.around else self.strokes.crossing
        right = rung.way is Way.THERE
        row[start] = self.strokes.made if rung.start is Upright.MIDDLE else self.strokes.starts[0 if right else 1]
        row[end - 1 if right else end + 1] = self.strokes.arrows[0 if right else 1]
        if rung.lost:
            row[end] = self.strokes.lost
        if labelled:
            words = f" {rung.packet} "
            at = start + 2 if right else start - 1 - len(words)
            row[at : at + len(words)] = words
        return "".join(row)

    def _legend(self) -> list[Line]:
        """What the strokes mean that not everybody knows."""
        rungs = self.ladder.rungs
        meanings = (
            (any(rung.lost for rung in rungs), f"{self.strokes.lost} not taken: dropped there"),
            (any(rung.around for rung in rungs), f"{self.strokes.around * 3} around what stands in the middle"),
            (
                any(rung.start is Upright.MIDDLE for rung in rungs),
                f"{self.strokes.made} made by what stands in the middle",
            ),
        )
        return [Line(text=words) for needed, says in meanings if needed for words in wrap(says, self.width)]
