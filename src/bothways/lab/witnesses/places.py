"""Where a file of a run goes: into the run's folder, whatever somebody called it."""

from pathlib import Path

from bothways.errors import InputError


def place(folder: Path, name: str) -> Path:
    """Return the path of a file of that name in a folder.

    Raises:
        InputError: the name leads somewhere else.
    """
    if "\0" in name or name in {"", ".", ".."} or Path(name).name != name:
        message = f"{name!r} is no name of a file: no folder can be part of it"
        raise InputError(message)
    return folder / name
