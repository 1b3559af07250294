"""Which files an argument of the command line stands for, and how they are cited."""

import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.errors import CallError
from bothways.evidence.report_lines import escaped
from bothways.host.spool import Kept

STANDARD_INPUT = "-"
"""The argument that stands for it; a file of that name is `./-`."""

MOST_FILES = 10_000
"""Files looked at in all; a case has dozens, a capture in rotated files thousands, and a folder with more is
usually the wrong one."""

DEEPEST = 16
"""Folders inside folders; nobody sorts the evidence of a case deeper."""

PASSED_OVER = (".*", "readme*", "*.md", "*.toml")
"""Names in a folder that accompany evidence and hold none; a file that is named itself is always looked at."""

LOOKED_AT = ("inventory*.toml",)
"""What is looked at all the same: the user's list of devices."""


class Found(Struct, frozen=True, kw_only=True):
    """One file to read, or one thing that cannot be read."""

    path: Path
    cited: str
    """How every citation names it: relative to its folder argument, or the file's own name; printable."""

    trouble: str = ""
    """Why it is not read, as a sentence that says what to do; empty for what can be tried."""

    piped: bool = False
    """Its bytes come only once: standard input, or a pipe that was named itself."""

    spool: Kept | None = None
    """What a pipe gave, or holds a member of an archive; None for a file."""

    archive: str = ""
    """How the archive is cited of which it is a member; empty for a file."""


def find(arguments: Sequence[str]) -> tuple[Found, ...]:
    """The files that *arguments* stand for, folders walked in sorted order, each file once, each cited by its own name.

    `-` is standard input.

    Raises:
        CallError: An argument names nothing that exists.
    """
    several_folders = sum(os.path.isdir(argument) for argument in arguments) > 1  # noqa: PTH112 - "" is no folder
    walk = _Walk()
    for argument in arguments:
        path = Path(argument)
        if argument == STANDARD_INPUT:
            walk.found.append(Found(path=path, cited="standard input", piped=True))
            continue
        if not argument or not _exists(path):
            name = shown(argument) or "an empty name"
            message = f"cannot read {name}: there is no such file or folder; check the name"
            raise CallError(message)
        if _is_folder(path):
            walk.folder(path, prefix=f"{folder_name(path)}/" if several_folders else "")
        else:
            walk.named(path)
    return tuple(_each_once(walk.found))


def shown(text: str) -> str:
    """A file name as it may be printed: control characters and bytes that are no UTF-8 written out, nothing cut off."""
    return escaped(text, longest=4 * len(text)) if not text.isprintable() else text


def folder_name(path: Path) -> str:
    """What a folder is called, also where it was given as `.` or `..`."""
    if path.name not in {"", ".."}:
        return path.name
    try:
        return path.resolve().name
    except OSError:  # the folder that this process stands in was removed
        return str(path)


def _is_folder(path: Path) -> bool:
    """Whether *path* is known to be a folder; what is out of reach is looked at like a file, which says why."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a name is too long or a folder is closed


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        # It is there, but out of reach; what is wrong is said when it is opened. A name with a NUL cannot be there.
        return "\0" not in str(path)
    return True


class _Walk(Struct, kw_only=True):
    """What was found so far."""

    found: list[Found] = field(default_factory=list)
    walked: set[tuple[int, int]] = field(default_factory=set)
    """Folders by device and inode: links can make a short tree endless."""

    def named(self, path: Path) -> None:
        """One file that the user named himself: what comes out of a pipe is kept, and a shell's pipes have no names."""
        if _is_pipe(path):
            cited = str(path) if path.is_relative_to("/dev") or path.is_relative_to("/proc") else path.name
            self.found.append(Found(path=path, cited=shown(cited), piped=True))
        else:
            self.file(path, path.name)

    def file(self, path: Path, cited: str) -> None:
        """One file, if it is one."""
        self.found.append(Found(path=path, cited=shown(cited), trouble=_trouble_with(path)))

    def folder(self, top: Path, *, prefix: str) -> None:
        """Everything in a folder, in sorted order."""
        before = len(self.found)
        looked_over = self._inside(top, prefix=prefix, above=())
        if len(self.found) == before:
            only_others = "it holds only files that are passed over (hidden ones, README*, *.md, *.toml)"
            why = only_others if looked_over else "it is empty; put captures, path reports or logs into it"
            self._note(top, f"{folder_name(top)}/", f"the folder holds no evidence: {why}")

    def _inside(self, folder: Path, *, prefix: str, above: tuple[tuple[int, int], ...]) -> int:
        """Walk one folder; tells how many names it holds."""
        try:
            here = folder.stat()
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names are what is sorted and cited
        except OSError as error:
            self._note(folder, prefix or f"{folder_name(folder)}/", f"the folder cannot be read: {reason(error)}")
            return 1
        identity = (here.st_dev, here.st_ino)
        if identity in above or len(above) >= DEEPEST:
            why = "a link leads back to a folder above it" if identity in above else f"more than {DEEPEST} folders deep"
            self._note(folder, prefix, f"not walked: {why}")
            return 1
        if identity in self.walked:
            return len(names)
        self.walked.add(identity)
        for name in names:
            if passed_over(name.lower()):
                continue
            if len(self.found) >= MOST_FILES:
                self._note(
                    folder, prefix, f"more than {MOST_FILES} files: the rest was not looked at; name what matters"
                )
                break
            path = folder / name
            if _is_folder(path):
                self._inside(path, prefix=f"{prefix}{name}/", above=(*above, identity))
            else:
                self.file(path, f"{prefix}{name}")
        return len(names)

    def _note(self, path: Path, cited: str, trouble: str) -> None:
        if len(self.found) <= MOST_FILES:
            self.found.append(Found(path=path, cited=shown(cited) or f"{shown(folder_name(path))}/", trouble=trouble))


def passed_over(name: str) -> bool:
    """Whether a file or folder called *name*, in lower case, is looked at only where the user names it himself."""
    passed = any(fnmatchcase(name, pattern) for pattern in PASSED_OVER)
    return passed and not any(fnmatchcase(name, pattern) for pattern in LOOKED_AT)


_SPECIAL = (
    (stat.S_ISFIFO, "it is a pipe, and nobody may be writing to it: name it itself to have it read"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
    (stat.S_ISCHR, "it is a device, not a file"),
    (stat.S_ISBLK, "it is a device, not a file"),
)


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False


def _trouble_with(path: Path) -> str:
    """Why *path* cannot be opened as a file; empty where it can be tried. Opening a pipe would wait for its writer."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "it is a link to something that does not exist"
    except OSError as error:
        return f"it cannot be opened: {reason(error)}"
    return next((f"not read: {says}" for test, says in _SPECIAL if test(mode)), "")


def reason(error: OSError) -> str:
    """The operating system's words for *error*, and what to do where that is clear."""
    words = (error.strerror or type(error).__name__).lower()
    if isinstance(error, PermissionError):
        return f"{words}; give yourself the right to read it, or copy it as a user who may"
    return words


def _identity(item: Found) -> Path:
    """What two names of one file have in common."""
    if item.piped:
        return item.path
    try:
        return item.path.absolute() if item.trouble else item.path.resolve()
    except (OSError, RuntimeError):  # as above, or links that have become a circle meanwhile
        return item.path


def _each_once(found: Sequence[Found]) -> Iterator[Found]:
    """Leave out what was named twice; cite by the path as given where two different files have one name."""
    seen: set[Path] = set()
    taken: set[str] = set()
    for item in found:
        identity = _identity(item)
        if identity in seen:
            continue
        seen.add(identity)
        cited = item.cited if item.cited not in taken else shown(str(item.path))
        while cited in taken:
            cited += "'"
        taken.add(cited)
        yield replace(item, cited=cited)
