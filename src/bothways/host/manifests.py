"""What the manifests among the files say of the files beside them, and whether that is so."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bothways.evidence.case import Case, EvidenceFile, Role
from bothways.evidence.manifest import MANIFEST, Listed, Manifest
from bothways.evidence.problem import Problem
from bothways.host.found import Found
from bothways.host.opened import decoded, hash_of, whole
from bothways.states import manifest as reader

if TYPE_CHECKING:
    from pathlib import Path

MOST_MISSING = 5
"""Files that one sentence names."""

_OTHER = (
    "it is not the file with which its dossier was made (the manifest has another SHA-256): what it says was judged, "
    "but it was changed or damaged since"
)


class Manifests:
    """The manifests of a case, each by the folder, or the archive and the folder in it, in which it lies."""

    def __init__(self, files: Sequence[Found]) -> None:
        """Read those among *files*; what only has the name of one is none."""
        self._listed: dict[Path, dict[str, Listed]] = {}
        self._missing: defaultdict[str, list[str]] = defaultdict(list)
        there = {found.path for found in files}
        for found in files:
            manifest = manifest_in(found)
            if manifest is not None:
                folder = found.path.parent
                self._listed[folder] = {one.name: one for one in manifest.files}
                self._missing[found.cited] = [one.name for one in manifest.files if folder / one.name not in there]

    def role(self, found: Found) -> Role | None:
        """What *found* is taken for by its maker's word; None where no manifest says anything of it."""
        listed = self._of(found)
        if listed is None or (listed.vantage is None and listed.way is None and not listed.control):
            return None
        told = listed.vantage is not None or listed.way is not None
        return Role(vantage=listed.vantage, way=listed.way, control=listed.control, decided=told)

    def compared(self, case: Case, files: Sequence[Found]) -> Case:
        """*case*, whose files are *files*, with what is to be said where they are not as their manifests have them."""
        if not self._listed:
            return case
        pairs = zip(case.files, files, strict=True)
        return replace(case, files=tuple(self._compared(file, found) for file, found in pairs))

    def _compared(self, file: EvidenceFile, found: Found) -> EvidenceFile:
        listed = self._of(found)
        if listed is not None and not found.trouble:
            file = replace(file, sha256=file.sha256 or hash_of(found))
        return replace(file, problems=(*file.problems, *map(_problem, self._says(file, listed))))

    def _says(self, file: EvidenceFile, listed: Listed | None) -> Iterator[str]:
        if listed is not None and file.sha256 and file.sha256 != listed.sha256:
            yield _OTHER
        missing = self._missing.get(file.path, [])
        if missing:
            more = f" and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
            yield f"it lists files that are not there: {', '.join(missing[:MOST_MISSING])}{more}"

    def _of(self, found: Found) -> Listed | None:
        return self._listed.get(found.path.parent, {}).get(found.path.name)


def manifest_in(found: Found) -> Manifest | None:
    """The manifest that *found* is; None of any other file, whatever its name."""
    if found.path.name != MANIFEST or found.trouble:
        return None
    try:
        held = whole(found)
    except OSError:
        return None
    text = decoded(held.data) if held is not None else None
    return reader.read(text, file=found.cited).content if text is not None and reader.recognises(text) else None


def _problem(says: str) -> Problem:
    return Problem(says=says)
