"""Zip archives among the files: dossiers, and captures that somebody packed together; each member a file of the case.

Members are read where they lie and never written anywhere. How many there are, what they are called, and how much they
may hold together is bounded.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from msgspec.structs import replace

from bothways.host.compression import most_from
from bothways.host.found import Found, passed_over, reason, shown
from bothways.host.opened import pieces_of
from bothways.host.progress import MEBIBYTE, silent
from bothways.host.spool import Spool
from bothways.host.zip_directory import DEFLATED, MAGICS, STORED, Directory, Entry, directory_of
from bothways.host.zip_member import Member

MOST_MEMBERS = 2_000
"""Files of one archive; a dossier has dozens."""

_DRIVE = re.compile(r"[A-Za-z]:")


def unpacked(found: Found, until: ExitStack) -> tuple[Found, ...]:
    """The members of *found* where it is an archive, after itself where something is wrong with it; else itself alone.

    *until*: what is kept open for them is closed with it.
    """
    if found.trouble or not _is_archive(found):
        return (found,)
    try:
        kept = _kept(found, until)
        directory = directory_of(kept)
    except OSError as error:
        return (replace(found, trouble=f"it cannot be read: {reason(error)}"),)
    members = tuple(_members(found, directory, kept))
    trouble = directory.trouble or ("" if members else "the archive holds no evidence: put captures or reports into it")
    return (replace(found, trouble=trouble), *members) if trouble else members


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with *head* is a zip archive."""
    return head.startswith(MAGICS)


def _is_archive(found: Found) -> bool:
    try:
        return is_archive(next(pieces_of(found), b""))
    except OSError:
        return False


def _kept(found: Found, until: ExitStack) -> Spool:
    if isinstance(found.spool, Spool):
        return found.spool
    with found.path.open("rb", buffering=0) as file:
        kept = Spool(file.fileno(), cited=found.cited, report=silent)
    until.callback(kept.close)
    return kept


def _members(found: Found, directory: Directory, kept: Spool) -> Iterator[Found]:
    seen: set[str] = set()
    room = most_from(kept.size)
    entries = [entry for entry in directory.entries if entry.name and not entry.folder and not _is_beside(entry.name)]
    share = room // max(1, len(entries))
    for entry in sorted(entries[:MOST_MEMBERS], key=lambda entry: entry.name):
        trouble = _trouble_with(entry, seen, room)
        room -= 0 if trouble else entry.size
        cited = f"{found.cited}: {shown(entry.name)}"
        while cited in seen:
            cited += "'"
        seen.update({entry.name, cited})
        # Some programs write the other system's separator.
        name = entry.name.replace("\\", "/")
        path = found.path / (shown(Path(name).name) if trouble else name)
        member = None if trouble else Member(kept, entry, share=share)
        yield Found(path=path, cited=cited, archive=found.cited, trouble=trouble, spool=member)
    if len(entries) > MOST_MEMBERS:
        trouble = f"more than {MOST_MEMBERS} files in the archive: the rest was not looked at; unpack what matters"
        yield Found(path=found.path, cited=f"{found.cited}: …", archive=found.cited, trouble=trouble)


def _is_beside(name: str) -> bool:
    parts = re.split(r"[/\\]", name.lower())
    # One system adds a folder of that name to every archive.
    return "__macosx" in parts[:-1] or any(passed_over(part) for part in parts if part != "..")


def _trouble_with(entry: Entry, seen: set[str], room: int) -> str:
    """Why a member is not read; empty where it is."""
    left = (room + MEBIBYTE - 1) // MEBIBYTE
    troubles = (
        (entry.name in seen, "a second file of this name in the archive: the first one was read"),
        (_leads_out(entry.name), "not read: its name leads out of the archive, which no honest program writes"),
        ("\0" in entry.name, "not read: its name is none that a file can have"),
        (entry.link, "not read: it is a link to another file; pack the file itself"),
        (entry.encrypted, "not read: it is encrypted; unpack the archive with its password, and give the files"),
        (
            entry.method not in {STORED, DEFLATED},
            f"not read: it is compressed by a rare method (number {entry.method}); pack it with deflate",
        ),
        (
            entry.size > room,
            (
                f"not read: the archive would hold more than the {left} MiB that are left to it by its size; unpack it "
                "yourself if more is meant"
            ),
        ),
    )
    return next((says for applies, says in troubles if applies), "")


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or bool(_DRIVE.match(name)) or ".." in re.split(r"[/\\]", name)
