"""A list of devices as TOML: a table `[[device]]` for each (docs/inventory.md)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from bothways.evidence.report_lines import ProblemList, escaped
from bothways.states.inventory_entry import FORMS, Entry

LONGEST = 1000
"""Characters of a line: longer keys and values would take the parser very long, and nobody writes them."""

_HEADER = re.compile(r"\s*\[\[\s*device\s*\]\]\s*(?:#.*)?", re.ASCII)
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")

KEYS = ("name", "address", "addresses", "names", "role", "stateful", "ttl", "between")


def recognises(text: str) -> bool:
    """Whether any line of *text* begins a device."""
    return any(_HEADER.fullmatch(line[:LONGEST]) for line in text.splitlines())


def entries(text: str, problems: ProblemList) -> list[Entry]:
    """The devices of *text*; what is wrong goes to *problems*. Of text that is no TOML, none."""
    lines = text.replace("\r\n", "\n").split("\n")
    long = next((number for number, line in enumerate(lines, start=1) if len(line) > LONGEST), None)
    if long is not None:
        problems.add(f"longer than {LONGEST} characters: write lists over several lines", long)
        return []
    try:
        document = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        says, line = _what_is_wrong(error, lines)
        do = "texts stand in quotes, lists in brackets" if recognises(text) else FORMS
        problems.add(f"this is no TOML ({escaped(says, 120)}): {do}", line)
        return []
    return [*_devices(document, lines, problems)]


def _what_is_wrong(error: Exception, lines: list[str]) -> tuple[str, int]:
    match = _AT_LINE.search(str(error))
    line = int(match[1]) if match and match[1] else len(lines)
    says = _AT_LINE.sub("", str(error)) if not isinstance(error, RecursionError) else "nested too deep"
    return says, line


def _devices(document: Mapping[str, Any], lines: list[str], problems: ProblemList) -> Iterator[Entry]:
    for key in document:
        if key != "device":
            problems.add(
                f"{escaped(key, 40)} is not known here; each device is a table [[device]]", _line_of(key, lines)
            )
    tables = document.get("device", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.add("device is not a list of tables: write [[device]], with two brackets", _line_of("device", lines))
        return
    headers = [number for number, line in enumerate(lines, start=1) if _HEADER.fullmatch(line)]
    for place, table in enumerate(tables):
        start = headers[place] if place < len(headers) else 1
        end = headers[place + 1] if place + 1 < len(headers) else len(lines) + 1
        entry = _Table(table=table, start=start, lines=lines[start : end - 1], problems=problems).entry()
        if entry is not None:
            yield entry


def _line_of(key: str, lines: list[str], after: int = 0) -> int | None:
    wanted = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(key)}["']?\s*[].=]""")
    return next((after + number for number, line in enumerate(lines, start=1) if wanted.match(line)), None)


class _Table(Struct, frozen=True, kw_only=True):
    """One table and the lines that it stands in."""

    table: Mapping[str, Any]
    start: int
    lines: list[str]
    problems: ProblemList

    def entry(self) -> Entry | None:
        for key in self.table:
            if key not in KEYS:
                known = ", ".join(KEYS)
                self._wrong(f"{escaped(key, 40)} is not known and was left out; known are {known}", key)
        names, addresses = self._texts("names"), [*self._texts("address"), *self._texts("addresses")]
        name = self._text("name") or next((text for text, _ in (*names, *addresses)), None)
        if not name:
            self.problems.add('a device needs a name, name = "...": left out', self.start)
            return None
        between = self._texts("between")
        return Entry(
            name=name,
            line=self.start,
            addresses=addresses,
            names=names,
            role=self._placed("role"),
            stateful=self._truth("stateful"),
            ttl=self._placed("ttl"),
            between=([text for text, _ in between], self._at("between")) if "between" in self.table else None,
        )

    def _at(self, key: str) -> int:
        return _line_of(key, self.lines, self.start) or self.start

    def _wrong(self, says: str, key: str) -> None:
        self.problems.add(says, self._at(key))

    def _texts(self, key: str) -> list[tuple[str, int]]:
        value = self.table.get(key, [])
        listed = value if isinstance(value, list) else [value]
        texts = [text for text in listed if isinstance(text, str) and text.strip()]
        if len(texts) < len(listed):
            self._wrong(f"{key} takes texts in quotes; what is none was left out", key)
        return [(text.strip(), self._at(key)) for text in texts]

    def _text(self, key: str) -> str | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(f"{key} takes one text in quotes; left out", key)
            return None
        return value.strip()

    def _placed(self, key: str) -> tuple[str, int] | None:
        text = self._text(key)
        return None if text is None else (text, self._at(key))

    def _truth(self, key: str) -> bool | None:
        value = self.table.get(key)
        if value is not None and not isinstance(value, bool):
            self._wrong(f"{key} takes true or false, without quotes; left out", key)
            return None
        return value
