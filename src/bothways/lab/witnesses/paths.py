"""Path reports, by the tools that people use: mtr(8) and traceroute(8)."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryFile
from typing import IO, assert_never

from bothways.errors import InputError
from bothways.lab.model.network import Network
from bothways.lab.model.scenario import PathReport
from bothways.lab.witnesses.hostname import host_called, hostname
from bothways.lab.witnesses.places import place
from bothways.lab.world import nodes
from bothways.lab.world.nodes import ProgramError

MOST_HOPS = "30"
"""Hops that are looked at: as many as traceroute does by itself."""

PATIENCE_S = 60.0
"""A report takes about two seconds, a tool that waits for names that nobody knows does not end."""

# Five rounds of 0.2 s each, and a second for the last replies; below a second only root may.
_MTR = ("-c", "5", "-i", "0.2", "-G", "1", "-m", MOST_HOPS)

_FORMS = {"mtr": "-rw", "mtr-both": "-rwb", "mtr-numeric": "-rwn", "mtr-json": "-jn"}
"""By kind of report: names, or both, or addresses alone."""

# Sixteen probes on their way at a time (its default), each waited for no longer than a second.
_TRACEROUTE = ("traceroute", "-w", "1", "-m", MOST_HOPS)


def report(reports: Sequence[PathReport], network: Network, folder: Path, seconds: float = PATIENCE_S) -> None:
    """Make path reports, all at the same time, each in its file in *folder*, which holds what the tool printed.

    Raises:
        InputError: a report is asked for that no tool can make, or its name is no file's.
        ProgramError: a tool failed, e.g. because its node has no route to there; or took longer than *seconds*.
    """
    commands = [command(one) for one in reports]
    deadline = time.monotonic() + seconds
    with ExitStack() as stack:
        running: list[tuple[PathReport, Popen[bytes], IO[bytes]]] = []
        for one, words in zip(reports, commands, strict=True):
            said: IO[bytes] = stack.enter_context(TemporaryFile(dir=folder))
            with place(folder, one.file).open("xb") as file, host_called(hostname(network, one.node)):
                process = nodes.start(one.node, *words, stdout=file, stderr=said)
            stack.callback(_stop, process)
            running.append((one, process, said))
        for one, process, said in running:
            _await(one, process, said, max(deadline - time.monotonic(), 0))


def command(path: PathReport) -> tuple[str, ...]:
    """Return the call that makes a report.

    Raises:
        InputError: a TCP traceroute without a port.
    """
    match path.tool:
        case "mtr" | "mtr-both" | "mtr-numeric" | "mtr-json":
            return ("mtr", _FORMS[path.tool], *_MTR, "--", path.to)
        case "tcp-traceroute":
            if path.port is None:
                message = f"{path.file}: a TCP traceroute needs a port"
                raise InputError(message)
            return (*_TRACEROUTE, "-T", "-O", "syn", "-q", "1", "-p", str(path.port), "--", path.to)
        case "icmp-traceroute":
            return (*_TRACEROUTE, "-I", "--", path.to)
        case "udp-traceroute":
            return (*_TRACEROUTE, "--", path.to)
        case "tracepath":
            return ("tracepath", "-b", "-m", MOST_HOPS, path.to)
        case _:
            assert_never(path.tool)


def _await(path: PathReport, process: Popen[bytes], said: IO[bytes], seconds: float) -> None:
    try:
        status = process.wait(seconds)
    except TimeoutExpired as error:
        message = f"{path.file}: {path.tool} from {path.node} to {path.to} is not done after {seconds:g} s"
        raise ProgramError(message) from error
    if status:
        said.seek(0)
        words = said.read().decode(errors="replace").strip()
        message = f"{path.file}: {path.tool} from {path.node} to {path.to} ended with exit status {status}: {words}"
        raise ProgramError(message)


def _stop(process: Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
