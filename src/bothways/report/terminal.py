"""Draws a page for a terminal of any width, with or without colour, in plain words that need neither."""

from collections.abc import Sequence

from rich.text import Text

from bothways.diagnosis.model import Ruling
from bothways.report.page import Page
from bothways.report.part import Part, QuestionLine, Reason, TheoryRow
from bothways.report.sheet import Sheet
from bothways.report.symbols import Symbols
from bothways.report.text import counted
from bothways.report.ways_section import draw_beside, draw_section
from bothways.verdict.standing import Standing

_RULING = {
    Ruling.CONFIRMED: "bold red",
    Ruling.OPEN: "bold yellow",
    Ruling.UNDETERMINED: "bold cyan",
    Ruling.HEALTHY: "bold green",
}
_STANDING = {Standing.CONFIRMED: "bold red", Standing.POSSIBLE: "yellow", Standing.ELIMINATED: "dim"}
_PLACE = "cyan"

MOST_LINES = 20
"""Further targets that get a line each."""

MOST_FILES = 50
"""Files that are named; more of them is a folder that was named by mistake."""

MOST_PROBLEMS = 3
"""Problems of one file that are told without asking."""

MOST_FURTHER = 5
"""Further failures of one target that are told; the JSON document has them all."""

MOST_SECTIONS = 5
"""Further targets that get a section each; the JSON document has them all."""


def draw(page: Page, *, width: int, colour: bool, symbols: Symbols, detail: bool = False) -> str:
    """Draw *page*.

    Args:
        page: What to say.
        width: Columns of the terminal.
        colour: Whether it shows colours; without them nothing is lost but the colours.
        symbols: The signs that its encoding can show.
        detail: Also what is not known, every reason, and every file.
    """
    pen = _Pen(page, Sheet(width=width, colour=colour), symbols, detail=detail)
    pen.draw()
    return pen.sheet.text()


class _Pen:
    """One drawing."""

    def __init__(self, page: Page, sheet: Sheet, symbols: Symbols, *, detail: bool) -> None:
        self.page = page
        self.sheet = sheet
        self.symbols = symbols
        self.detail = detail

    def draw(self) -> None:
        """The page from top to bottom."""
        self._sentence(self.page.headline, self.page.ruling)
        for note in self.page.notes:
            self.sheet.hang("", Text(note))
        self._observers()
        if self.page.parts:
            self._first(self.page.parts[0])
            self._others(self.page.parts[1:])
        for ways in self.page.ways:
            draw_section(self.sheet, ways, self.symbols, detail=self.detail)
        self._next(self.page.questions)
        self._files()
        if self.page.apart:
            self.sheet.blank()
            self.sheet.hang("", Text(self.page.apart))

    def _sentence(self, words: str, ruling: Ruling) -> None:
        first, colon, rest = words.partition(":")
        self.sheet.hang("", Text.assemble((first + colon, _RULING[ruling]), rest))

    def _first(self, part: Part) -> None:
        self._outline(part)
        if part.ways:
            draw_beside(self.sheet, part.ways, self.symbols, detail=self.detail)
        self._further(part)
        self._theories(part)
        self._next(part.questions)
        self._measured(part)

    def _outline(self, part: Part) -> None:
        self.sheet.blank()
        label = "to mend" if part.ruling is Ruling.CONFIRMED else "next"
        rows = [("where", part.where), (label, part.to_do), *(("you say", words) for words in part.word)]
        rows += [("seen", part.counts), ("when", part.when), ("shared", part.share), ("differs", part.differs)]
        for name, words in rows:
            if words:
                self.sheet.hang(f"{name:<8}", Text(words), style="bold")
        if self.detail:
            for history in part.histories:
                self.sheet.hang(" " * 8, Text(history))

    def _further(self, part: Part) -> None:
        """The other failures of the same target, briefly."""
        for number, finding in enumerate(part.further[:MOST_FURTHER], start=1):
            if number == 1:
                self.sheet.heading("Also wrong with it")
            self.sheet.hang(f"{number}.", Text(finding.summary, style=_RULING[finding.ruling]), indent=1)
            mending = "to mend" if finding.ruling is Ruling.CONFIRMED else "next"
            rows = [("where", finding.where), (mending, finding.to_do)]
            for name, words in (*rows, ("shared", finding.share), ("differs", finding.differs)):
                if words:
                    self.sheet.hang(f"{name:<8}", Text(words), indent=4, style="bold")
        if len(part.further) > MOST_FURTHER:
            more = len(part.further) - MOST_FURTHER
            self.sheet.hang("-", Text(f"and {more} more (--json has all of them)"), indent=1)

    def _theories(self, part: Part, *, compact: bool = False) -> None:
        if not part.theories:
            return
        self.sheet.heading("Theories")
        for row in part.theories:
            short = row.repeats or (compact and row.standing is Standing.ELIMINATED)
            if short and not self.detail:
                self._shortly(row)
            else:
                self._theory(row)
        for says in part.inseparable:
            self.sheet.hang(self.symbols.problem, Text(says), indent=1)

    def _theory(self, row: TheoryRow) -> None:
        self.sheet.hang(self._sign(row), self._title(row), indent=1, style=_STANDING[row.standing])
        for reason in row.reasons:
            if self.detail or not reason.detail:
                self._reason(reason)

    def _shortly(self, row: TheoryRow) -> None:
        """A theory in one line; of a dead one where to look up what killed it."""
        title = self._title(row)
        if row.standing is Standing.ELIMINATED and row.reasons:
            title.append("" if row.repeats else " by").append(" ")
            title.append(f"[{'; '.join(row.reasons[0].places)}]", style=_PLACE)
        self.sheet.hang(self._sign(row), title, indent=1, style=_STANDING[row.standing])

    def _sign(self, row: TheoryRow) -> str:
        return {
            Standing.CONFIRMED: self.symbols.confirmed,
            Standing.POSSIBLE: self.symbols.possible,
            Standing.ELIMINATED: self.symbols.eliminated,
        }[row.standing]

    def _title(self, row: TheoryRow) -> Text:
        weight = "bold" if row.standing is Standing.CONFIRMED else ""
        return Text.assemble((row.title, weight), (f" ({row.id})", "dim"), f": {row.says}")

    def _reason(self, reason: Reason) -> None:
        sign = "+" if reason.speaks_for else "-"
        self.sheet.hang(sign, _with_places(reason.says, reason.places), indent=5)

    def _next(self, questions: Sequence[QuestionLine], *, most: int | None = None) -> None:
        if not questions:
            return
        self.sheet.heading("What to find out next")
        for number, question in enumerate(questions[:most], start=1):
            when = ", at the same time" if question.at_once and number > 1 else ""
            words = Text.assemble((question.asks, "bold"), f" ({question.who}{when}; {question.separates})")
            self.sheet.hang(f"{number}.", words, indent=1)
            for command in question.commands:
                self.sheet.verbatim(f"$ {command}", indent=4, style="green")

    def _measured(self, part: Part) -> None:
        known = [fact for fact in part.measured if fact.known and (self.detail or not fact.quoted)]
        unknown = [fact for fact in part.measured if not fact.known]
        if known or unknown:
            self.sheet.heading("What was measured" if self.detail else "Also measured")
        for fact in known:
            seen = f" ({fact.seen})" if fact.seen and self.detail else ""
            self.sheet.hang("-", _with_places(f"{fact.says}{seen}", fact.places), indent=1)
        if unknown and not self.detail:
            more = f"not known: {counted(len(unknown), 'more fact')}; --verbose says which, and why"
            self.sheet.hang("-", Text(more), indent=1)
        for fact in unknown if self.detail else ():
            self.sheet.hang("-", Text(f"not known: {fact.asks} Because {fact.says}"), indent=1, style="dim")

    def _others(self, parts: Sequence[Part]) -> None:
        if not parts:
            return
        self.sheet.heading("Other targets")
        for other in parts[:MOST_LINES]:
            self.sheet.hang("-", Text.assemble((f"{other.ruling}: ", _RULING[other.ruling]), other.label), indent=1)
        if len(parts) > MOST_LINES:
            self.sheet.hang("-", Text(f"and {len(parts) - MOST_LINES} more (--json has all of them)"), indent=1)
        for other in [part for part in parts if part.theories][:MOST_SECTIONS]:
            self._section(other)

    def _section(self, other: Part) -> None:
        """A further target that fails, shortly."""
        self.sheet.heading(other.label)
        self._sentence(other.summary, other.ruling)
        self._outline(other)
        self._further(other)
        first = self.page.parts[0]
        if self.detail or _stand(first) != _stand(other):
            self._theories(other, compact=not self.detail)
            self._next(other.questions, most=None if self.detail else 1)
        else:
            self.sheet.blank()
            self.sheet.hang("", Text("The theories stand as above, by its own evidence; --verbose shows it."))
        if self.detail:
            self._measured(other)

    def _observers(self) -> None:
        """How good the evidence is comes before what it says."""
        if self.page.observers:
            self.sheet.blank()
        label = "seen by"
        for observer in self.page.observers:
            says = [remark.says for remark in observer.quality if remark.limits or self.detail]
            words = "; ".join(says or [observer.quality[0].says])
            line = Text.assemble((observer.vantage, "bold"), f" ({observer.named}): {words}")
            self.sheet.hang(f"{label:<8}", line, style="bold")
            label = ""

    def _files(self) -> None:
        self.sheet.heading("Evidence")
        self.sheet.hang("", Text(self.page.looked_at), indent=1)
        told = [file for file in self.page.files if self.detail or file.problems]
        for file in told[:MOST_FILES]:
            self.sheet.hang("-", Text(f"{file.path}: {file.says}"), indent=1)
            self._problems(file.problems)
        if len(told) > MOST_FILES:
            self.sheet.hang("-", Text(f"and {len(told) - MOST_FILES} more (--json has all of them)"), indent=1)

    def _problems(self, problems: Sequence[str]) -> None:
        most = len(problems) if self.detail else MOST_PROBLEMS
        for problem in problems[:most]:
            self.sheet.hang(self.symbols.problem, Text(problem), indent=3)
        if len(problems) > most:
            more = f"and {counted(len(problems) - most, 'more problem')}; --verbose has them"
            self.sheet.hang(self.symbols.problem, Text(more), indent=3)


def _stand(part: Part) -> set[tuple[str, Standing]]:
    return {(row.id, row.standing) for row in part.theories}


def _with_places(says: str, where: Sequence[str]) -> Text:
    """A sentence and where to look it up."""
    words = Text(says)
    if where:
        words.append(" ").append(f"[{'; '.join(where)}]", style=_PLACE)
    return words
