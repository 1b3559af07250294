"""A dossier as it is made: the files of one folder with a manifest, and all of them packed into one zip file.

The same files give the same bytes: names are in order, and no time of the machine that packs them is written.
"""

import os
import secrets
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from msgspec.structs import replace

from bothways.errors import CallError
from bothways.evidence.manifest import MANIFEST, Asked, Listed, Manifest
from bothways.host.archives import unpacked
from bothways.host.found import Found, reason, shown
from bothways.host.manifests import manifest_in
from bothways.host.opened import hash_of
from bothways.states.manifest import FIRST_KEY, SCHEMA
from bothways.units import Instant, rfc3339

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can tell of (APPNOTE 4.4.6)."""

_ORDINARY_FILE = 0o100644 << 16
_UNIX = 3


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write *manifest* into *folder*, beside the files that it is about; returns it as it was written.

    Each file of the folder is listed with its hash; of those that *manifest* lists what it says of them is kept, too.

    Raises:
        OSError: A file cannot be read, or this one not be written.
    """
    told = {listed.name: listed for listed in manifest.files}
    files = tuple(
        replace(told.get(path.name, Listed(name=path.name, sha256="")), sha256=hash_of(_as_found(path)))
        for path in _files(folder)
        if path.name != MANIFEST
    )
    complete = replace(manifest, files=files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(_document(complete)), indent=2) + b"\n")
    return complete


def save(folder: Path, to: Path) -> None:
    """Pack the files of *folder*, whose manifest is written, into the zip file *to*, all at once or not at all.

    Raises:
        CallError: As of `check_savable`, or it cannot be written.
    """
    check_savable(to)
    try:
        _save(folder, to.resolve())
    except OSError as error:
        message = f"cannot save the dossier as {shown(str(to))}: {reason(error)}"
        raise CallError(message) from None


def check_savable(to: Path) -> None:
    """Make sure, before any work is done for it, that a dossier could be saved as *to*.

    Raises:
        CallError: It is a folder, or a file that is no dossier and would be lost, or nothing can be written there.
    """
    name = shown(str(to))
    if not to.name or to.is_dir():
        message = f"--save {name}: that is a folder; name the file to write, for example {shown(str(to / 'case.zip'))}"
        raise CallError(message)
    if os.path.lexists(to) and not _may_be_replaced(to):
        message = f"--save {name}: that exists and is no dossier; it is left as it is. Name another file, or remove it"
        raise CallError(message)
    folder = to.resolve().parent
    if not folder.is_dir():
        message = f"--save {name}: there is no folder {shown(str(folder))}; make it first"
        raise CallError(message)
    if not os.access(folder, os.W_OK | os.X_OK):
        message = f"--save {name}: nothing can be written into {shown(str(folder))}; name another place"
        raise CallError(message)


def _may_be_replaced(path: Path) -> bool:
    """An empty file, or an earlier dossier; nothing else that somebody may want to keep."""
    if not path.is_file():
        return False
    try:
        if not path.stat().st_size:
            return True
        with ExitStack() as kept:
            return any(manifest_in(member) for member in unpacked(_as_found(path), kept) if member.archive)
    except OSError:
        return False


def _save(folder: Path, to: Path) -> None:
    beside = to.parent / f".bothways-{secrets.token_hex(8)}.part"
    # Like any new file it is open to whom the user's umask lets.
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as archive:
                for path in _files(folder):
                    _pack(archive, path)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(to)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    _settle(to.parent)


def _settle(folder: Path) -> None:
    """Let the new name outlast a loss of power, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _pack(archive: ZipFile, path: Path) -> None:
    info = ZipInfo(path.name, _NO_TIME)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, _UNIX, _ORDINARY_FILE
    info.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(info, "w") as member:
        shutil.copyfileobj(source, member, 1 << 20)


def _files(folder: Path) -> list[Path]:
    """The files of a dossier in their order: the manifest first, so that what the others are is known at once."""
    return sorted(
        (path for path in folder.iterdir() if path.is_file()), key=lambda path: (path.name != MANIFEST, path.name)
    )


def _as_found(path: Path) -> Found:
    return Found(path=path, cited=path.name)


def _document(manifest: Manifest) -> dict[str, Any]:
    return {
        FIRST_KEY: SCHEMA,
        "version": manifest.version,
        "began": _moment(manifest.began),
        "ended": _moment(manifest.ended),
        "command": manifest.command,
        "privileges": manifest.privileges,
        "targets": [_asked(one) for one in manifest.targets],
        "controls": [_asked(one) for one in manifest.controls],
        "files": manifest.files,
    }


def _moment(moment: Instant | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _asked(one: Asked) -> dict[str, Any]:
    named = {"name": one.name} if one.name else {}
    return {"address": one.server.address, "port": one.server.port, **named}
