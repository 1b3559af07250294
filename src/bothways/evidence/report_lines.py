"""Text that strangers wrote, line by line: what every reader of a report needs before it can look for words.

Reports come pasted from terminals and mails, with a byte order mark, carriage returns, colours, and a prompt on top.
Lines are counted as editors count them, by line feeds alone, so that a citation can be looked up.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from itertools import islice

from msgspec import Struct, field

from bothways.evidence.problem import Problem

LONGEST_LINE = 10_000
"""Characters of a line that are read: no tool prints longer ones, and patterns stay quick on what is left."""

LONGEST_TEXT = 255
"""Characters of a name that are kept: no host name is longer (RFC 1035 section 2.3.4)."""

MOST_PROBLEMS = 20
"""Problems that are told one by one: who reads twenty has understood."""

HEAD_CHARACTERS = 16_384
HEAD_LINES = 60
"""How far `head` looks: past a prompt, warnings and another program's greeting, not through a whole log."""

_ZONE = re.compile(r"[A-Za-z0-9_.-]{1,15}")
"""The zone of a link-local address (RFC 4007 section 11) as an interface is called; Linux allows 15 bytes. Addresses
end up in commands that people paste into a shell, and a zone may by its grammar hold anything."""

_CONTROL = re.compile(
    r"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)|\x1b[ -/]{1,2}[0-~]|\x1b[0-Z\\^-~]"
)
"""What a terminal obeys and does not show: colours, cursor moves, titles (ECMA-48 sections 5.4 and 5.6)."""

_BLANKS = str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2007\u202f\u205f\u3000", " ") | dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff")
)
"""Spaces that web pages and word processors put in place of the tool's own, and marks that nobody sees."""

_PLACE = r"(?:\S[^$#%>]{0,200})?[$#%>]\s+|(?:PS )?[A-Za-z]:\\[^<>|]{0,200}>|[\w.()/:@-]{1,80}[#>]|<[\w.()-]{1,63}>\s*"
_PROMPT = re.compile(
    rf"(?:{_PLACE})(?:(?:sudo|run|do)\s+)?(?:[^\s>]{{0,100}}[/\\])?"
    r"(?P<command>(?!(?:(?:paris-)?traceroute6?|trace) (?:to|from) )[\w.-]{1,40}(?:\s.*)?)"
)
"""`$ mtr -n host`, `me@here:~$ sudo mtr host`, `root@here:/etc# /usr/sbin/mtr host`, `C:\\Users\\me>tracert host`,
`router#traceroute host`, `<router>tracert host`; but not a report's head behind a mark of quoting."""

_PROMPT_ALONE = re.compile(
    r"(?:PS )?[A-Za-z]:\\[^<>|]{0,200}>|[$#%]|[^\s<=]{0,80}[\w~)\]/][$#>]|\S{0,80}[~)\]/]%|\[[^\]]{1,80}\][$#%]"
)

_TYPESCRIPT = re.compile(r"Script (?:started|done) on .{5,200}|Script (?:started|done)[,:;] .{5,200}|exit|logout")
"""What script(1) writes around a session, and how the session ends."""


class Line(Struct, frozen=True, kw_only=True):
    """One line of a report without its line end, colours, or what a carriage return overwrote."""

    number: int
    """From 1."""

    text: str
    cut: bool
    """The line was longer than could be kept."""


def lines(text: str, *, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """The lines of *text*, cleaned, one by one; no empty one for a final line feed."""
    start, number = 1 if text.startswith("\ufeff") else 0, 0
    # Some editors end their lines with a carriage return alone.
    mark = "\n" if "\n" in text else "\r"
    while start < len(text):
        end = text.find(mark, start)
        end = len(text) if end < 0 else end
        number += 1
        raw = text[start : min(end, start + longest)]
        # A carriage return inside a line is a progress meter that wrote over itself.
        shown = raw.rstrip("\r").rpartition("\r")[2]
        bare = shown if shown.isascii() else shown.translate(_BLANKS)
        yield Line(number=number, text=_CONTROL.sub("", bare).rstrip(), cut=end - start > longest)
        start = end + 1


def head(text: str) -> list[str]:
    """The first lines of *text* that are not blank, cleaned: what tells one kind of report from another."""
    return list(islice((line.text for line in lines(text[:HEAD_CHARACTERS]) if line.text.strip()), HEAD_LINES))


def prompted(text: str, *programs: str) -> list[str] | None:
    """The words of a command line after its prompt, if it runs one of *programs*; None otherwise."""
    match = _PROMPT.fullmatch(text.strip())
    words = match["command"].split() if match else []
    return [word.strip("'\"") for word in words] if words and words[0] in programs else None


def surroundings(text: str) -> bool:
    """Whether *text* is what a terminal session has around every report: a prompt alone, or script(1)'s own lines."""
    bare = text.strip()
    return bool(_PROMPT_ALONE.fullmatch(bare) or _TYPESCRIPT.fullmatch(bare))


def escaped(text: str, longest: int = LONGEST_TEXT) -> str:
    r"""Printable text as it is; every other character, and the backslash, as `\xNN` or `\uNNNN`; cut at *longest*."""
    kept = text[:longest]
    if kept.isprintable() and "\\" not in kept:
        return kept
    shown = (character if character.isprintable() and character != "\\" else _hex(ord(character)) for character in kept)
    return "".join(shown)[:longest]


def _hex(code: int) -> str:
    # Bytes that were no UTF-8 arrive as surrogates U+DC80 to U+DCFF (PEP 383); shown are the bytes.
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


@lru_cache(maxsize=4096)
def address_in(text: str) -> str | None:
    """*text* as a canonical IP address; None if it is none."""
    if len(text) > LONGEST_TEXT or not text.isascii():
        return None
    _, percent, zone = text.partition("%")
    if percent and not _ZONE.fullmatch(zone):
        return None
    try:
        return escaped(str(ip_address(text)))
    except ValueError:
        return None


class ProblemList(Struct, kw_only=True):
    """The problems of one file, as many as a person would read; the rest is counted."""

    _told: list[Problem] = field(default_factory=list)
    _untold: int = 0

    def add(self, says: str, line: Line | int | None) -> None:
        """One thing that was not understood, as a sentence without markup."""
        number = line.number if isinstance(line, Line) else line
        if len(self._told) < MOST_PROBLEMS - 1:
            self._told.append(Problem(says=says, line=number))
        else:
            self._untold += 1

    def not_understood(self, line: Line) -> None:
        """A line that says nothing this reader knows."""
        self.add(f"not understood and left out: {escaped(line.text.strip(), 80)}", line)

    def too_long(self, line: Line, longest: int = LONGEST_LINE) -> None:
        """A line of which only the beginning was read."""
        self.add(f"longer than {longest} characters; the rest of the line was left out", line)

    def all(self) -> tuple[Problem, ...]:
        """What goes into the reading."""
        if not self._untold:
            return tuple(self._told)
        return (*self._told, Problem(says=f"and {self._untold} more lines that were not understood"))
