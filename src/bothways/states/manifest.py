"""The manifest of a dossier, read as everything else is that strangers send: entry by entry, each for itself.

Its first key says that it is one. Times are RFC 3339 in UTC with nanoseconds, as `units.rfc3339` writes them.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.manifest import Asked, Listed, Manifest
from bothways.evidence.problem import Problem
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import address_in, escaped
from bothways.units import NANOSECONDS_PER_SECOND, Instant
from bothways.way import Way

FIRST_KEY = "bothways-dossier"
SCHEMA = 1
"""Written into every manifest; a later one may hold what this reader does not know."""

LARGEST = 4 << 20
"""Characters: ten thousand files of which each takes four hundred."""

MOST_FILES = 10_000
MOST_ASKED = 1_000
"""Targets, and controls: a check has a handful."""

MOST_WORDS = 200
"""Of a command line; each is cut like a name."""

VANTAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
"""How a vantage may be called."""

_HEAD = re.compile(rf'\s*\{{\s*"{FIRST_KEY}"\s*:')
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_CAPABILITY = re.compile(r"[A-Z0-9_]{1,40}", re.ASCII)
_MOST_TOLD = 20


def recognises(text: str) -> bool:
    """Whether *text* begins as a manifest does."""
    return _HEAD.match(text) is not None


def read(text: str, *, file: str) -> Reading[Manifest]:
    """The manifest in *text*; what is wrong with an entry of it is a problem, and the others count."""
    values = _object(text)
    if values is None:
        says = "it is no JSON object, or too large for one: what the files of this dossier are is told by their content"
        return Reading(content=Manifest(file=file), problems=(Problem(says=says),))
    entries = _Entries(values=values)
    if values.get(FIRST_KEY) != SCHEMA:
        entries.complain("it was written by another version of bothways; what is understood of it was read")
    content = Manifest(
        file=file,
        version=entries.text("version"),
        began=entries.moment("began"),
        ended=entries.moment("ended"),
        command=tuple(entries.words("command")),
        privileges=tuple(word for word in entries.words("privileges") if _CAPABILITY.fullmatch(word)),
        targets=tuple(entries.asked("targets")),
        controls=tuple(entries.asked("controls")),
        files=tuple(entries.files()),
    )
    return Reading(content=content, problems=tuple(entries.problems))


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > LARGEST:
        return None
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class _WrongError(ValueError):
    """An entry that cannot be meant; says why."""


class _Entries(Struct, kw_only=True):
    """The entries of one manifest."""

    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, says: str) -> None:
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(Problem(says=says))

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if isinstance(value, str):
            return escaped(value)
        self.complain(f"its `{key}` is no text, and was left out")
        return ""

    def moment(self, key: str) -> Instant | None:
        value = self.values.get(key)
        if value is None:
            return None
        found = _moment(value)
        if found is None:
            self.complain(f"its `{key}` is no time, and was left out")
        return found

    def words(self, key: str) -> Iterator[str]:
        for word in self._list(key, MOST_WORDS):
            if isinstance(word, str):
                yield escaped(word)
            else:
                self.complain(f"a word of its `{key}` is no text, and was left out")

    def asked(self, key: str) -> Iterator[Asked]:
        for number, entry in enumerate(self._list(key, MOST_ASKED), start=1):
            try:
                yield _asked(entry)
            except _WrongError as error:
                self.complain(f"entry {number} of its `{key}` was left out: {error}")

    def files(self) -> Iterator[Listed]:
        seen: set[str] = set()
        for number, entry in enumerate(self._list("files", MOST_FILES), start=1):
            try:
                listed = _listed(entry)
                if listed.name in seen:
                    message = f"{escaped(listed.name)} stands in it before"
                    raise _WrongError(message)  # noqa: TRY301 - told like all that is wrong with an entry
            except _WrongError as error:
                self.complain(f"entry {number} of its `files` was left out: {error}")
            else:
                seen.add(listed.name)
                yield listed

    def _list(self, key: str, most: int) -> list[Any]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.complain(f"its `{key}` is no list, and was left out")
            return []
        if len(value) > most:
            self.complain(f"more than {most} entries in its `{key}`: the rest was left out")
        return value[:most]


def _asked(entry: object) -> Asked:
    values = entry if isinstance(entry, dict) else {}
    address, port, name = values.get("address"), values.get("port"), values.get("name") or ""
    known = address_in(address) if isinstance(address, str) else None
    if known is None:
        message = "it has no IP address"
        raise _WrongError(message)
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 0xFFFF:
        message = "it has no port"
        raise _WrongError(message)
    if not isinstance(name, str):
        message = "its name is no text"
        raise _WrongError(message)
    return Asked(server=Endpoint(known, port), name=escaped(name))


def _listed(entry: object) -> Listed:
    values = entry if isinstance(entry, dict) else {}
    name, digest, vantage = values.get("name"), values.get("sha256"), values.get("vantage")
    if not isinstance(name, str) or not name or re.search(r"[/\\\0]", name) or name in {".", ".."}:
        message = "it names no file of this dossier (names have no folders)"
        raise _WrongError(message)
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        message = f"{escaped(name)} comes without a SHA-256"
        raise _WrongError(message)
    if vantage is not None and (not isinstance(vantage, str) or not VANTAGE.fullmatch(vantage)):
        message = f"{escaped(name)} was taken nowhere that has such a name"
        raise _WrongError(message)
    way, kind = values.get("way"), values.get("kind", "")
    if way is not None and way not in {str(one) for one in Way}:
        message = f"{escaped(name)} goes neither there nor back"
        raise _WrongError(message)
    return Listed(
        name=name,
        sha256=digest,
        kind=escaped(kind) if isinstance(kind, str) else "",
        vantage=vantage,
        way=None if way is None else Way(way),
        control=values.get("control") is True,
    )


def _moment(value: object) -> Instant | None:
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        whole = datetime.fromisoformat(match[1]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return Instant(int(whole) * NANOSECONDS_PER_SECOND + int((match[2] or "").ljust(9, "0")))
