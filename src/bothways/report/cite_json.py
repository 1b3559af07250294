"""A place in the evidence, as the JSON document has it."""

from collections.abc import Iterable

from msgspec import UNSET, Struct, UnsetType

from bothways.evidence.case import EvidenceFile
from bothways.evidence.citation import Citation
from bothways.report.text import clean


class Cite(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place in the evidence."""

    file: str
    member: str | UnsetType = UNSET
    """The file's name in the archive that `file` is."""

    frame: int | UnsetType = UNSET
    line: int | UnsetType = UNSET


class Citations:
    """Writes places down; knows which of the files lie in archives."""

    def __init__(self, files: Iterable[EvidenceFile] = ()) -> None:
        """*files*: all of the case."""
        self._members = {file.path: (file.archive, file.member) for file in files if file.archive}

    def file(self, path: str) -> tuple[str, str | UnsetType]:
        """The file to open for what is cited as *path*, and its member where that is an archive."""
        archive, member = self._members.get(path, ("", ""))
        return (clean(archive), clean(member)) if archive else (clean(path), UNSET)

    def cited(self, cite: Citation) -> Cite:
        """*cite* for the document."""
        file, member = self.file(cite.file)
        return Cite(
            file=file,
            member=member,
            frame=UNSET if cite.frame is None else cite.frame,
            line=UNSET if cite.line is None else cite.line,
        )
