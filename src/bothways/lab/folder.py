"""The folder that a run fills: empty at first, that run's alone, and complete if its seal is there."""

import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from bothways.errors import CallError

SEAL = "truth.json"
"""The last file of a run; a folder without it is no run."""


class Folder:
    """A folder that is held from before a lab begins, as a lab does not see all of this machine's paths."""

    def __init__(self, path: Path) -> None:
        """Make it, if need be, and hold it.

        Raises:
            CallError: it cannot be made or written to, holds something, or another run fills it.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            message = f"cannot make the folder {path}: {(error.strerror or str(error)).lower()}"
            raise CallError(message) from error
        problem = self._problem(path)
        if problem:
            os.close(self._descriptor)
            raise CallError(problem)

    def _problem(self, path: Path) -> str:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return f"another run fills {path}; say another folder with --out"
        if any(path.iterdir()):
            return f"{path} is not empty; say another folder with --out"
        return "" if os.access(path, os.W_OK) else f"{path} cannot be written to; say another folder with --out"

    def fill(self, evidence: Path) -> None:
        """Copy everything, the seal last and all at once.

        Raises:
            OSError: there is no room.
        """
        folder = Path(f"/proc/self/fd/{self._descriptor}")
        for source in sorted(evidence.rglob("*")):
            target = folder / source.relative_to(evidence)
            if source.is_dir():
                target.mkdir()
            elif source.name != SEAL:
                shutil.copyfile(source, target)
        if (evidence / SEAL).exists():
            shutil.copyfile(evidence / SEAL, folder / f".{SEAL}")
            (folder / f".{SEAL}").rename(folder / SEAL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
