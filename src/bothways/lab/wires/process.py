"""A process of the lab's own program that works until it is told to end, and then reports."""

import json
import select
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_SECONDS = 30.0
"""Longer than the start and the end of a process take on any machine that could run a lab."""


class WorkerError(Exception):
    """The process ended, or fell silent, before it was told to end; the sentence carries its last words."""


class Worker:
    """A running process. It says `ready` when it works, works until its standard input ends, and then reports."""

    def __init__(self, module: str, told: dict[str, Any], descriptors: Sequence[int]) -> None:
        """Start it, without waiting for it; it inherits the descriptors under their numbers."""
        self._name = module.rpartition(".")[2]
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            # Safe: no module is looked for in the folder that somebody happens to be in (python(1), -P).
            [sys.executable, "-P", "-m", module, json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,  # Ctrl-C is for the lab, which then ends its wires
            bufsize=0,  # or the ready word might be read together with the report, which communicate() would not see
        )
        self._is_ready = False
        self.pid = self._process.pid

    def await_ready(self) -> None:
        """Wait until it works.

        Raises:
            WorkerError: it ended instead, or does not become ready.
        """
        said = self._process.stdout
        if self._is_ready or said is None:
            return
        if not select.select([said], [], [], _SECONDS)[0] or said.readline() != b"ready\n":
            raise WorkerError(self._death())
        self._is_ready = True

    def stop(self) -> None:
        """Tell it to end, without waiting for it."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def end(self) -> dict[str, Any]:
        """Tell it to end, and take its report.

        Raises:
            WorkerError: it was dead already, or does not end.
        """
        self.await_ready()
        self.stop()
        self._process.stdin = None  # communicate() would flush it
        try:
            out, err = self._process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise WorkerError(self._death()) from error
        if self._process.returncode:
            raise WorkerError(self._sentence(err))
        report: dict[str, Any] = json.loads(out)
        return report

    def _death(self) -> str:
        """End it for good; what there is to say about it."""
        self._process.kill()
        return self._sentence(self._process.communicate()[1])

    def _sentence(self, err: bytes) -> str:
        last = err.decode(errors="replace").strip().rpartition("\n")[2]
        return f"the {self._name} ended by itself, exit status {self._process.returncode}" + (
            f": {last}" if last else ""
        )
