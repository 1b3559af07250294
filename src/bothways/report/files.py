"""Which files were looked at, what they were taken for, and what is wrong with them."""

from msgspec import Struct

from bothways.evidence.case import EvidenceFile, Kind
from bothways.report.summary import KINDS, WAYS
from bothways.report.text import clean, counted


class FileLine(Struct, frozen=True, kw_only=True):
    """One file."""

    path: str
    says: str
    """What it holds and how much of it was read."""

    problems: tuple[str, ...]
    """Sentences, each with its byte offset or line."""


def file_line(file: EvidenceFile) -> FileLine:
    """Put one file into words."""
    return FileLine(
        path=clean(file.path),
        says=_holds(file),
        problems=tuple(clean(str(problem)) for problem in file.problems),
    )


def _holds(file: EvidenceFile) -> str:
    if file.kind is Kind.UNREAD:
        return KINDS[file.kind]
    control = "control's " if file.role.control else ""
    way = f" of {WAYS[file.role.way]}" if file.role.way and file.kind is Kind.PATH else ""
    amount = ", ".join(counted(number, unit.removesuffix("s")) for unit, number in file.read)
    return f"{control}{KINDS[file.kind]}{way}{f', {amount}' if amount else ''}"
