"""Draws what a page says about two ways: the picture, the sentences below it, and what would follow."""

from rich.text import Text

from bothways.report.sheet import Sheet
from bothways.report.symbols import Symbols
from bothways.report.two_ways import draw_ways
from bothways.report.ways import WaysPart

_PLACE = "cyan"


def draw_section(sheet: Sheet, part: WaysPart, symbols: Symbols, *, detail: bool) -> None:
    """All of *part*, where nothing but path reports is there to speak of."""
    sheet.heading(part.heading)
    draw_ways(sheet, part, symbols.ways, detail=detail)
    sheet.heading("What this says")
    for words in (*part.says, *(part.details if detail else ())):
        sheet.hang("-", Text(words), indent=1)
    _follows(sheet, part)


def draw_beside(sheet: Sheet, part: WaysPart, symbols: Symbols, *, detail: bool) -> None:
    """The picture of *part* beside a verdict, whose theories say what follows; of equal ways a sentence does."""
    if part.same and not detail:
        sheet.blank()
        sheet.hang("", Text(f"{part.heading}: {part.gist}."))
        return
    sheet.heading(part.heading)
    draw_ways(sheet, part, symbols.ways, detail=detail)
    for words in (*part.says, *part.details) if detail else part.beside:
        sheet.hang("-", Text(words), indent=1)


def _follows(sheet: Sheet, part: WaysPart) -> None:
    if not part.follows:
        return
    sheet.heading("If connections between these ends fail")
    for item in part.follows:
        words = Text(item.says)
        if item.places:
            words.append(" ").append(f"[{'; '.join(item.places)}]", style=_PLACE)
        sheet.hang("+" if item.known else "?", words, indent=1)
        for clause in item.means:
            sheet.hang("", Text(clause), indent=5)
