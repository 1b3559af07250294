"""One input read, judged and drawn as the command does it, and what is wrong with how that went."""

import json
import re
import resource
import signal
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from types import FrameType

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis
from bothways.errors import BothwaysError
from bothways.evidence.case import Kind
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.report.json_document import document
from bothways.report.page import page_of
from bothways.report.symbols import symbols_for
from bothways.report.terminal import draw
from tests.helpers.fuzzing.walk import walked

LONGEST = 5.0
"""Seconds of this process for one input of some kilobytes."""

MOST_MEMORY = 200 << 20
"""Bytes by which one such input may make the process grow."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What may move a terminal's cursor, colour it, or turn text round; a line feed is the drawing's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one input went."""

    seconds: float
    grown: int
    """Bytes by which the most memory ever used has risen."""

    complaints: tuple[str, ...]


def attempt(files: Mapping[str, bytes], scratch: Path, *, drawn: bool = True) -> Attempt:
    """Write *files* into *scratch*, which is emptied before, and do what `bothways diagnose` does with them.

    Drawing for a terminal takes longer than everything before it; without *drawn* it is left out.
    """
    for old in scratch.iterdir():
        old.unlink()
    for name, data in files.items():
        (scratch / name).write_bytes(data)
    memory, start = _peak(), process_time()
    try:
        with _not_for_ever():
            complaints = list(_complaints(files, scratch, drawn=drawn))
    except BothwaysError:
        complaints = []
    except Exception:  # noqa: BLE001 - whatever it is, it should not have been raised
        complaints = [traceback.format_exc()]
    seconds, grown = process_time() - start, _peak() - memory
    if seconds > LONGEST:
        complaints.append(f"took {seconds:.1f} s")
    if grown > MOST_MEMORY:
        complaints.append(f"took {grown >> 20} MiB more memory")
    return Attempt(seconds=seconds, grown=grown, complaints=tuple(complaints))


def _complaints(files: Mapping[str, bytes], scratch: Path, *, drawn: bool) -> Iterator[str]:
    diagnosis = diagnose(gather([str(scratch)], said=word([], [])))
    yield from _unreported(files, diagnosis)
    page = page_of(diagnosis)
    said = list(_strings(json.loads(document(diagnosis, page))))
    if drawn:
        symbols = symbols_for("utf-8")
        said += [draw(page, width=80, colour=False, symbols=symbols, detail=detail) for detail in (False, True)]
    for text in said:
        if found := _CONTROL.search(text):
            yield f"a control character is shown: {text[max(0, found.start() - 40) : found.end() + 40]!r}"


def _strings(value: object) -> Iterator[str]:
    """Every string of a JSON document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inside in value.values():
            yield from _strings(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _strings(inside)


def _unreported(files: Mapping[str, bytes], diagnosis: Diagnosis) -> Iterator[str]:
    """Captures of which something was not read, and nothing is said."""
    for file in diagnosis.files:
        data = files.get(file.path)
        if data is None or file.problems:
            continue
        plain = walked(data)
        read = dict(file.read).get("packets", 0)
        if file.kind is Kind.CAPTURE and data[:2] not in _PACKED and (read < plain.packets or not plain.whole):
            end = "" if plain.whole else "; it does not end with a whole record"
            yield f"{file.path}: {read} packets read, {plain.packets} are there{end}; no problem is told"


_PACKED = (b"\x1f\x8b", b"BZ", b"\xfd7", b"\x28\xb5")


@contextmanager
def _not_for_ever() -> Iterator[None]:
    def too_long(_: int, __: FrameType | None) -> None:
        message = f"still busy after {4 * LONGEST} s"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, 4 * LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
