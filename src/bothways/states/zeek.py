"""Zeek's conn.log, as tab-separated values with its header lines, or as a JSON object in each line.

The columns are those that `#fields` names, in any order and number (https://docs.zeek.org, "Zeek Log Formats and
Inspection"; what they mean, base/protocols/conn/main.zeek). A log without them says nothing that is sure, and is
refused. What a line means is in `zeek_connection`.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct, field

from bothways.evidence.flow import FlowLog
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, head, lines
from bothways.states.zeek_connection import NEEDED, Connections, UnreadableLineError

_FIELDS = re.compile(r"#fields[\t ].*\bid\.orig_h\b.*")
_BARE = re.compile(
    r"\d{9,11}\.\d{6}\s+C[A-Za-z0-9]{9,30}\s+[0-9A-Fa-f.:]{2,45}\s+\d{1,5}\s+[0-9A-Fa-f.:]{2,45}\s+\d{1,5}\s+\S.*"
)
_JSON = re.compile(r'\{(?=.*"(?:id\.|id_|)orig_h")(?=.*"(?:id\.|id_|)resp_p").*"conn_state".*\}')

_NAMES = {f"{before}{end}": f"id.{end}" for before in ("id_", "") for end in ("orig_h", "orig_p", "resp_h", "resp_p")}
"""How collectors rename the four ends, whose dots do not suit them."""


def recognises(text: str) -> bool:
    """Whether *text* has the header of a conn.log, its objects, or lines of one whose header was cut off."""
    return any(
        (_FIELDS.fullmatch(line) and re.search(r"\b(?:conn_state|history|orig_pkts|missed_bytes)\b", line))
        or line.split() == ["#path", "conn"]
        or _JSON.fullmatch(line)
        or _BARE.fullmatch(line)
        for line in head(text)
    )


def read(text: str, *, file: str) -> Reading[FlowLog]:
    """All TCP connections in *text*; of other protocols only how many."""
    problems = ProblemList()
    connections = Connections()
    table = _Table(problems=problems)
    for line in lines(text):
        if line.cut:
            problems.too_long(line)
        for values in _values(line, table, problems):
            try:
                connections.add(values, line.number)
            except UnreadableLineError as error:
                problems.add(f"{error}; the line was left out", line)
    log = FlowLog(file=file, flows=tuple(connections.flows), other=connections.other)
    return Reading(content=log, problems=problems.all())


def _values(line: Line, table: "_Table", problems: ProblemList) -> Iterator[Mapping[str, str]]:
    """What a line says by the names of the fields: nothing, or one connection."""
    text = line.text
    if text.startswith("#"):
        table.header(text, line)
    elif text.lstrip().startswith("{"):
        values = _object(text)
        if values is None:
            problems.add("this is no JSON object, and was left out", line)
        elif values.get("_path", "conn") == "conn":
            yield values
    elif text.strip():
        row = table.row(text, line)
        if row is not None:
            yield row


def _object(text: str) -> dict[str, str] | None:
    """The plain values of a JSON object, as text."""
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    ends = found.get("id")
    pairs = [*found.items(), *(ends.items() if isinstance(ends, dict) else ())]
    return {
        _NAMES.get(name, name): str(value)
        for name, value in pairs
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


class _Table(Struct, kw_only=True):
    """The header of a log, which tells how its lines are to be read."""

    problems: ProblemList
    separator: str | None = "\t"
    """None for blanks, as where tabs were lost in pasting."""

    unset: str = "-"
    fields: tuple[str, ...] | None = ()
    """Empty before any header, None after one that does not name what is needed."""

    wanted: dict[int, str] = field(default_factory=dict)
    bare: bool = False
    """It was said that lines came before a header."""

    def header(self, text: str, line: Line) -> None:
        """Read a line that begins with `#`; those that say nothing about the columns are passed over."""
        if separator := re.fullmatch(r"#separator[ \t]+\\x([0-9A-Fa-f]{2})", text):
            self.separator = chr(int(separator[1], 16))
        elif text.startswith("#unset_field"):
            self.unset = text[len("#unset_field") :].strip() or "-"
        elif text.startswith("#fields"):
            self._fields(text, line)

    def _fields(self, text: str, line: Line) -> None:
        if self.separator is not None and self.separator not in text:
            self.separator = None
        named = tuple(text.split(self.separator)[1:])
        missing = [name for name in NEEDED if name not in named]
        self.fields = None if missing else named
        self.wanted = {at: name for at, name in enumerate(named) if name in Connections.FIELDS}
        if missing:
            says = f"this header names no {', '.join(missing)}: without these a line tells of no connection"
            self.problems.add(f"{says}; what follows it was left out", line)

    def row(self, text: str, line: Line) -> dict[str, str] | None:
        """The values of a line under the names of the header."""
        if self.fields is None:
            return None
        if not self.fields:
            if not self.bare:
                says = "lines of Zeek's conn.log without its #fields line: which column is which cannot be told"
                self.problems.add(f"{says}; give the log with its header lines, or as JSON", line)
            self.bare = True
            return None
        values = text.split(self.separator)
        if len(values) != len(self.fields):
            says = f"{len(values)} values where the header names {len(self.fields)}; the line was left out"
            self.problems.add(says, line)
            return None
        return {name: values[at] for at, name in self.wanted.items() if values[at] != self.unset}
