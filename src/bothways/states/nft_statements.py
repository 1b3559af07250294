"""The lexical part of `nft list ruleset`: which statement stands in which chain (nft(8), "LEXICAL CONVENTIONS").

Statements end at a line end or a semicolon, blocks stand in braces, comments run from `#` to the line end. Inside a
chain a brace opens an anonymous set, which may run over several lines. Everything in a table that is not a chain (named
sets, maps, counters, flowtables) is passed over by its braces.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from bothways.evidence.report_lines import Line, ProblemList

LONGEST_LINE = 4_000_000
"""An anonymous set stands on one line; this holds some 200,000 prefixes."""

_TOKEN = re.compile(r'"[^"]*"?|#.*|[{};]|[^"#{};]+')
_TABLE = re.compile(r"table\s+(?:(?P<family>[a-z]+)\s+)?(?P<name>\S+)")
_CHAIN = re.compile(r"chain\s+(?P<name>\S+)")


class Statement(Struct, frozen=True, kw_only=True):
    """One statement of a chain."""

    line: int
    """Line where it starts."""

    text: str
    """Without indentation, comment and the end of line inside a set."""

    table: str
    """Family and name: `inet filter`."""

    chain: str


class Statements(Struct, kw_only=True):
    """Reads a ruleset piece by piece."""

    problems: ProblemList
    table: str | None = None
    chain: str | None = None
    passed_over: int = 0
    """Open braces of a block that is not read."""

    in_set: int = 0
    """Open braces inside a statement of a chain."""

    words: list[str] = field(default_factory=list)
    """The statement being read."""

    first: int = 0
    """Line where it starts."""

    def read(self, lines: Iterable[Line]) -> Iterator[Statement]:
        """The statements of all chains, in order; for an empty chain none."""
        number = 0
        for line in lines:
            number = line.number
            for piece in _TOKEN.findall(line.text):
                if not piece.startswith("#"):
                    yield from self._piece(piece, number)
            if line.cut:
                self.problems.too_long(line, LONGEST_LINE)
                self.in_set = 0
            if self.in_set:
                self.words.append(" ")
            elif not line.text.endswith("\\"):
                yield from self._end(number)
        yield from self._end(number)
        if self.table or self.passed_over:
            self.problems.add("the listing breaks off before its last brace", number or None)

    def _piece(self, piece: str, number: int) -> Iterator[Statement]:
        if self.passed_over:
            self.passed_over += {"{": 1, "}": -1}.get(piece, 0)
        elif piece == "{" and self.chain is None:
            self._open(number)
        elif piece == "}" and not self.in_set:
            yield from self._end(number)
            self._close(number)
        elif piece == ";" and not self.in_set:
            yield from self._end(number)
        else:
            self.in_set += {"{": 1, "}": -1}.get(piece, 0)
            if not self.words:
                self.first = number
            self.words.append(piece)

    def _open(self, number: int) -> None:
        header, self.words = "".join(self.words).strip(), []
        table, chain = _TABLE.fullmatch(header), _CHAIN.fullmatch(header)
        if self.table is None and table:
            self.table = f"{table['family'] or 'ip'} {table['name']}"
        elif self.table is not None and chain:
            self.chain = chain["name"]
        else:
            self.passed_over = 1
            if self.table is None:
                self.problems.add("a block outside of all tables was left out", number)

    def _close(self, number: int) -> None:
        if self.chain is not None:
            self.chain = None
        elif self.table is not None:
            self.table = None
        else:
            self.problems.add("a brace is closed that was not opened", number)

    def _end(self, number: int) -> Iterator[Statement]:
        text, self.words = "".join(self.words).replace("\\", " ").strip(), []
        if not text:
            return
        if self.table is not None and self.chain is not None:
            yield Statement(line=self.first, text=text, table=self.table, chain=self.chain)
        elif self.table is None:
            self.problems.add("a statement outside of all tables was left out", number)
