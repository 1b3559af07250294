"""JSON as path tools write it: objects one a line, one after another, in an array, or one large document.

A file may hold prompts and dates between them. Where an object or one of its elements starts is known, so that what is
not understood has its line.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import HEAD_CHARACTERS, Line, escaped, lines, prompted
from bothways.traces.json_values import Value
from bothways.traces.moment import is_moment
from bothways.traces.pasted import unquoted
from bothways.traces.runs import MOST_RUNS, Runs

MOST_OBJECTS = 4 * MOST_RUNS
"""Outermost objects of a file that are looked at: scamper frames each trace with two, M-Lab with three."""

MOST_DEPTH = 10_000
"""Braces within braces, after which nothing more is read; no tool needs ten, and the decoder gives up at 1000."""

LONGEST_OBJECT = 64 << 20
"""Characters of a line that are read: whole archives of results stand on one."""

LONGEST_PROMPT = 1_000
"""Characters of a line that may be a call at a prompt."""

# A string that is not closed runs to the end of its line, so that no line is searched twice.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|$)|[{}]')
_OPENING = re.compile(r"^[ \t>]*[\[{]", re.MULTILINE)
_WORD = re.compile(r'"([\w.-]{1,40})"')
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])


class Located(Struct, frozen=True, kw_only=True):
    """A JSON value as it is written, and the line where it starts."""

    data: bytes
    line: int

    @property
    def value(self) -> Value:
        """What it says. Raises msgspec.DecodeError or RecursionError where it is no JSON."""
        value: Value = msgspec.json.decode(self.data)
        return value

    def members(self) -> dict[str, "Located"]:
        """The members of an object; none where it is no object. Raises like `value`."""
        if self.data[:1] != b"{":
            return {}
        raws = _MEMBERS.decode(self.data)
        return dict(zip(raws, self._placed(list(raws.values())), strict=True))

    def elements(self) -> list["Located"]:
        """The elements of an array; none where it is no array. Raises like `value`."""
        return self._placed(_ELEMENTS.decode(self.data)) if self.data[:1] == b"[" else []

    def _placed(self, raws: list[msgspec.Raw]) -> list["Located"]:
        at, line, placed = 0, self.line, []
        for raw in raws:
            data = bytes(raw)
            # Each is found behind the one before, unless a name stands twice in an object.
            start = max(self.data.find(data, at), at)
            line += self.data.count(b"\n", at, start)
            placed.append(Located(data=data, line=line))
            line += data.count(b"\n")
            at = start + len(data)
        return placed


def vocabulary(text: str) -> frozenset[str]:
    """The names and words that stand quoted in the head of *text*, from the first line on that begins like JSON.

    They tell one tool's objects from another's, in whatever order a database or a person has put them.
    """
    return _vocabulary(text[:HEAD_CHARACTERS])


@lru_cache(maxsize=2)
def _vocabulary(head: str) -> frozenset[str]:
    # Each reader of JSON asks for the same head, one after another.
    match = _OPENING.search(head)
    return frozenset(_WORD.findall(head, match.start())) if match else frozenset()


class Objects:
    """The outermost objects of one file, handed to a reader one after another."""

    def __init__(self, *, file: str, program: str) -> None:
        """*program* is what prints such objects, as it is called at a prompt."""
        self.file = file
        self.program = program
        self.runs = Runs(file=file)

    def read(self, text: str, take: Callable[[Located, "Objects"], None]) -> Reading[tuple[PathReport, ...]]:
        """All reports that *take* makes of the objects in *text*."""
        for count, found in enumerate(self._found(text)):
            if count == MOST_OBJECTS:
                self.problem(f"only the first {MOST_OBJECTS} objects were read; from here on they were left out", found)
                break
            try:
                take(found, self)
            except (msgspec.DecodeError, RecursionError) as error:
                self.problem(f"this is no JSON: {escaped(str(error))}", found)
        return self.runs.reading(self.program)

    def problem(self, says: str, where: Located) -> None:
        """Something about *where* was not understood."""
        self.runs.problems.add(says, where.line)

    def inner(self, reading: Reading[tuple[PathReport, ...]], line: int) -> Iterator[PathReport]:
        """The reports that another reader made of text inside a value at *line*, told there; its problems are ours."""
        for problem in reading.problems:
            self.runs.problems.add(f"in the program's own words: {problem.says}", line)
        for report in reading.content:
            yield replace(report, line=line, hops=tuple(replace(hop, line=line) for hop in report.hops))

    def _found(self, text: str) -> Iterator[Located]:
        braces = Braces()
        for line in lines(text, longest=LONGEST_OBJECT):
            bare = Line(number=line.number, text=unquoted(line.text), cut=line.cut)
            if bare.cut:
                self.runs.problems.too_long(bare, LONGEST_OBJECT)
            if not braces.depth and prompted(bare.text[:LONGEST_PROMPT], self.program):
                continue
            for document in braces.take(bare):
                yield Located(data=document.encode("utf-8", "replace"), line=braces.first)
            if braces.depth > MOST_DEPTH:
                break
            outside = braces.outside.strip(" \t[],")
            if outside and not is_moment(outside):
                self.runs.problems.add(f"not understood and left out: {escaped(outside, 80)}", bare)
        if braces.depth:
            self.runs.problems.add("the object breaks off before its last brace", braces.first)


class Braces(Struct):
    """Finds the outermost objects in lines of JSON."""

    depth: int = 0
    first: int = 0
    """Line where the object being read, or the last one read, starts."""

    outside: str = ""
    """What the last line held outside of objects."""

    _kept: list[str] = field(default_factory=list)

    def take(self, line: Line) -> Iterator[str]:
        """Read one more line; give the objects that end on it."""
        at, self.outside = 0, ""
        for token in _TOKEN.finditer(line.text):
            if token[0] == "{":
                self.depth += 1
                if self.depth > MOST_DEPTH:
                    return
                if self.depth == 1:
                    self.first, at, self.outside = (
                        line.number,
                        token.start(),
                        self.outside + line.text[at : token.start()],
                    )
            elif token[0] == "}" and self.depth:
                self.depth -= 1
                if not self.depth:
                    yield "\n".join((*self._kept, line.text[at : token.end()]))
                    self._kept, at = [], token.end()
        if self.depth:
            self._kept.append(line.text[at:])
        else:
            self.outside += line.text[at:]
