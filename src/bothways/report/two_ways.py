"""Draws the two ways side by side: the way there on the left, the way back on the right, from the client downward."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from bothways.paths.alignment import Kinship
from bothways.report.folded import Fold, folded
from bothways.report.sheet import Sheet
from bothways.report.symbols import Strokes
from bothways.report.ways import WaysPart
from bothways.report.ways_rows import Cell, RowLine

BRIDGE = 7
"""Columns between the two ways: room for what joins a pair and for how sure that is."""

MOST_SIDE = 52
"""Columns of one way beyond which the two stand too far apart to be read as one."""

TRIP = 9
"""Columns of a round trip and the space before it."""

LEAST_NAME = 32
"""Columns that names keep before round trips get any: most host names are shorter."""

NARROWEST = 40
"""Columns below which names would be cut to nothing."""

_THERE, _BACK = "there, downward", "back, upward"

_PAIR, _PARTED, _LIKELY, _DEVICE, _FAINT = "green", "bold yellow", "yellow", "bold magenta", "dim"


def draw_ways(sheet: Sheet, part: WaysPart, strokes: Strokes, *, detail: bool = False) -> None:
    """The picture of *part* with its heads and legend; nothing where no hop is known. *detail*: nothing is folded."""
    if part.rows and sheet.width < NARROWEST:
        sheet.hang("", Text(f"(too narrow for the picture: it takes {NARROWEST} columns)"))
    elif part.rows:
        _Picture(sheet, part, strokes).draw(detail=detail)


class _Picture:
    """One drawing and its measures."""

    def __init__(self, sheet: Sheet, part: WaysPart, strokes: Strokes) -> None:
        self.sheet = sheet
        self.part = part
        self.strokes = strokes
        self.two = part.there and part.back
        cells = [cell for row in part.rows for cell in (row.there, row.back) if cell]
        self.digits = max(len(str(cell.index)) for cell in cells)
        self.room = self._room()
        names = max(cell_len(_named(cell)) for cell in cells)
        with_trip = self.room - self.digits - 3 - TRIP
        self.trips = with_trip >= min(names, LEAST_NAME) and any(cell.trip for cell in cells)
        # What is not needed is not taken: ways with short names stand close together.
        room = self.room - self.digits - 3 - (TRIP if self.trips else 0)
        self.name = min(room, max(names, len(_THERE)))
        self.side = self.digits + 3 + self.name + (TRIP if self.trips else 0)

    def _room(self) -> int:
        columns = self.sheet.width - 1
        return min((columns - BRIDGE - 2) // 2 if self.two else columns, MOST_SIDE)

    def draw(self, *, detail: bool) -> None:
        """From the client to the server."""
        self._heads()
        self.sheet.row(Text(f" {self._cut(self.part.client, self.sheet.width - 1)}", style="bold"))
        for item in folded(self.part.rows, whole=detail):
            if isinstance(item, Fold):
                self.sheet.row(Text(f" {self._cut(self._fold(item), self.sheet.width - 1)}", style=_FAINT))
                continue
            self._between(item)
            self.sheet.row(self._row(item))
        self.sheet.row(Text(f" {self._cut(self.part.server, self.sheet.width - 1)}", style="bold"))
        self._legend()

    def _heads(self) -> None:
        there, back = (f"{'':{self.digits + 3}}{head}" for head in (_THERE, _BACK))
        if self.two:
            words = f" {set_cell_size(there, self.side)} {'':{BRIDGE}} {back}"
        else:
            words = f" {there if self.part.there else back}"
        self.sheet.row(Text(words[: self.sheet.width].rstrip(), style=_FAINT))

    def _fold(self, fold: Fold) -> str:
        return f"{'':{self.digits + 3}}{self.strokes.cut * 3} {fold.says}"

    def _between(self, row: RowLine) -> None:
        for words in (row.closes, row.opens):
            if words:
                line = self.strokes.line
                told = f"{line * 3} {words} {line * 3}"
                start = max(self.side + 2 + (BRIDGE - len(told)) // 2, 1)
                self.sheet.row(Text(f"{'':{start}}{told}", style=_PARTED))

    def _row(self, row: RowLine) -> Text:
        if not self.two:
            line = Text(" ").append_text(self._cell(row.there or row.back))
        else:
            line = Text.assemble(" ", self._cell(row.there), " ", self._bridge(row), " ", self._cell(row.back))
        line.rstrip()
        return line

    def _bridge(self, row: RowLine) -> Text:
        if row.unsure:
            line = self.strokes.joined if row.kinship is Kinship.SAME else self.strokes.perhaps
            words = f"{line} {row.unsure.replace(' ', ''):>3} {line}"
            return Text(set_cell_size(words, BRIDGE), style=_PAIR if row.kinship is Kinship.SAME else "")
        if row.kinship is Kinship.SAME:
            return Text(self.strokes.joined * BRIDGE, style=_PAIR)
        left, right = self._sign(row.there, row), self._sign(row.back, row)
        return Text.assemble(left, " " * (BRIDGE - 2), right)

    def _sign(self, cell: Cell | None, row: RowLine) -> tuple[str, str]:
        if cell is None:
            return (self.strokes.upright, _FAINT)
        if cell.silent:
            return (self.strokes.silent, _FAINT)
        return {
            (Kinship.ONLY_THERE, True): (self.strokes.there, _PARTED),
            (Kinship.ONLY_BACK, True): (self.strokes.back, _PARTED),
            (Kinship.ONLY_THERE, False): (self.strokes.likely_there, _LIKELY),
            (Kinship.ONLY_BACK, False): (self.strokes.likely_back, _LIKELY),
        }.get(_reading(row), (self.strokes.untold, ""))

    def _cell(self, cell: Cell | None) -> Text:
        if cell is None:
            return Text(" " * self.side)
        sign = self.strokes.device if cell.stateful else " "
        style = _FAINT if cell.silent else _DEVICE if cell.stateful else ""
        name = self._cut("silent" if cell.silent else _named(cell), self.name)
        words = Text.assemble(
            (f"{cell.index:>{self.digits}} ", _FAINT), (sign, _DEVICE), " ", (set_cell_size(name, self.name), style)
        )
        if self.trips:
            words.append(f"{cell.trip:>{TRIP}}", style=_FAINT)
        return words

    def _cut(self, words: str, room: int) -> str:
        """*words* in at most *room* columns."""
        if cell_len(words) <= room:
            return words
        return set_cell_size(words, max(room - 1, 0)).rstrip() + self.strokes.cut

    def _legend(self) -> None:
        """What the signs mean that the picture needs."""
        told = "   ".join(self._meanings())
        if told:
            self.sheet.hang("", Text(told, style=_FAINT), indent=1)

    def _meanings(self) -> Iterator[str]:
        rows, strokes = self.part.rows, self.strokes
        if any(row.kinship is Kinship.SAME for row in rows):
            yield f"{strokes.joined * 3} one router"
        if any(row.unsure and row.kinship is Kinship.SAME for row in rows):
            yield f"{strokes.joined} 80% {strokes.joined} probably one"
        if any(row.unsure and row.kinship is not Kinship.SAME for row in rows):
            yield f"{strokes.perhaps} 60% {strokes.perhaps} perhaps one"
        if self.two:
            yield from self._of_one_way()
        if any(cell.stateful for row in rows for cell in (row.there, row.back) if cell):
            yield f"{strokes.device} taken for a stateful device"

    def _of_one_way(self) -> Iterator[str]:
        alone = [row for row in self.part.rows if not row.unsure and row.kinship is not Kinship.SAME]
        cells = [(cell, row) for row in alone for cell in (row.there, row.back) if cell and not cell.silent]
        used = {self._sign(cell, row)[0] for cell, row in cells}
        meanings = {
            self.strokes.there: "only there",
            self.strokes.back: "only back",
            self.strokes.likely_there: "probably only there",
            self.strokes.likely_back: "probably only back",
            self.strokes.untold: "cannot tell",
        }
        yield from (f"{sign} {meaning}" for sign, meaning in meanings.items() if sign in used)


def _reading(row: RowLine) -> tuple[Kinship, bool]:
    """What is drawn of a row of one way, and whether it is proven."""
    proven = row.kinship is not Kinship.UNTOLD
    return (row.kinship if proven else row.likeliest, proven)


def _named(cell: Cell) -> str:
    return f"{cell.label} +{cell.more}" if cell.more else cell.label
