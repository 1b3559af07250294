"""One run of one program: how long it took, how much memory it and its children held at most."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured."""

    seconds: float
    cpu: float
    """Seconds of processor time, of its children too; on a busy machine the better guide."""

    peak: int
    """Bytes resident at most: of the program or of one of its children, whichever held more. What the program that
    starts it held then is counted too, so that nothing shows less than some 20 MB."""

    status: int
    said: str
    """Last line of its standard error."""


def run(command: list[str], output: Path = Path(os.devnull)) -> Run:
    """Run *command* to its end, its standard output into a file.

    Raises:
        OSError: It cannot be started.
    """
    with output.open("wb") as out, TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        lines = errors.read().decode(errors="replace").splitlines()
    return Run(
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss * 1024,
        status=process.returncode,
        said=lines[-1] if lines else "",
    )


def read_once(path: Path) -> None:
    """Bring a file into the page cache."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass
