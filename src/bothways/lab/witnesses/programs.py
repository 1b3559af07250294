"""Programs that watch: heard while they run, ended by their own id, and answerable for what they missed."""

import os
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

from bothways.lab.world import nodes
from bothways.lab.world.nodes import ProgramError

PATIENCE_S = 30.0
"""For whatever a program does as soon as it is given the processor: start, print, end."""


class IncompleteError(Exception):
    """A witness missed something, so that its evidence proves no absence: the run is invalid."""


class Witness:
    """A program that runs in a node until it is interrupted, as Ctrl-C would; to be closed, however it goes on."""

    def __init__(self, node: str, *command: str, folder: Path, output: Path | None = None) -> None:
        """Start it; what it says on standard error is kept in memory, or with all that it says in a file *output*.

        Raises:
            OSError: there is no such node, no such program, or *folder* cannot be written to.
        """
        self.name = f"{command[0]} on {node}"
        self._said = _opened(folder, output)
        try:
            stdout = None if output is None else self._said
            self.process = nodes.start(node, *command, stdout=stdout, stderr=self._said)
        except BaseException:
            self._said.close()
            raise

    def said(self) -> str:
        """Return what it has said so far."""
        # Its descriptor is a copy of ours: whoever moves the place in the file moves it for both, so nobody seeks.
        size = os.fstat(self._said.fileno()).st_size
        return os.pread(self._said.fileno(), size, 0).decode(errors="replace")

    def check_alive(self) -> None:
        """Make sure that it still watches.

        Raises:
            ProgramError: it ended before anybody asked it to.
        """
        if self.process.poll() is not None:
            message = f"{self.name} ended by itself, with exit status {self.process.returncode}: {self.said().strip()}"
            raise ProgramError(message)

    def sleeps(self) -> bool:
        """Whether it has read all that has come, and written it: whoever writes at once sleeps only to wait for more.

        Raises:
            ProgramError: it ended.
        """
        self.check_alive()
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"

    def end(self) -> None:
        """Interrupt it and wait for its end.

        Raises:
            ProgramError: it ended before, or does not end, or not well.
        """
        self.check_alive()
        self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired as error:
            message = f"{self.name} does not end when it is interrupted: {self.said().strip()}"
            raise ProgramError(message) from error
        if status:
            message = f"{self.name} ended with exit status {status}: {self.said().strip()}"
            raise ProgramError(message)

    def close(self) -> None:
        """Leave nothing running and nothing open."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._said.close()

    def __enter__(self) -> Self:
        """Begin; the program runs already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def _opened(folder: Path, output: Path | None) -> IO[bytes]:
    return TemporaryFile(dir=folder) if output is None else output.open("xb+")
