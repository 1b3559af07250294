"""Nodes of a running network: this machine's network namespaces, by the plain names of the network's nodes.

The names are plain because a lab has `/run/netns` for itself (`bothways.lab.world.world`): two labs side by side do not
see each other's.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

NAMESPACES = Path("/run/netns")
"""Where iproute2 looks for namespaces by name (ip-netns(8))."""

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)


class ProgramError(Exception):
    """A program in the box failed; the sentence carries what it said."""


@contextmanager
def within(node: str) -> Iterator[None]:
    """Put this thread into a node: its new sockets belong there, and the programs that it starts.

    Raises:
        OSError: there is no such node, or setns(2) is not allowed.
    """
    with Path("/proc/thread-self/ns/net").open("rb") as home, (NAMESPACES / node).open("rb") as there:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def start(
    node: str, *command: str, stdout: IO[bytes] | int | None = None, stderr: IO[bytes] | int | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a node; what it writes is thrown away unless asked for."""
    silence = subprocess.DEVNULL
    out, err = (silence if stream is None else stream for stream in (stdout, stderr))
    with within(node):
        return subprocess.Popen(  # noqa: S603 - the lab's own commands
            command, stdin=silence, stdout=out, stderr=err, env=_environment()
        )


def run(
    node: str, *command: str, given: str = "", seconds: float = 60, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a program in a node to its end, with what it is *given* on its standard input.

    Raises:
        ProgramError: it failed, and *check* asked for success; or took longer than *seconds*.
    """
    try:
        with within(node):
            done = subprocess.run(  # noqa: S603 - the lab's own commands
                command, input=given, capture_output=True, text=True, timeout=seconds, check=False, env=_environment()
            )
    except subprocess.TimeoutExpired as error:
        message = f"{' '.join(command)} on {node}: not done after {seconds:g} s"
        raise ProgramError(message) from error
    if check and done.returncode:
        message = f"{' '.join(command)} on {node}: exit status {done.returncode}: {done.stderr.strip()}"
        raise ProgramError(message)
    return done


def _environment() -> dict[str, str]:
    """The same words and numbers from programs on every machine, whatever their user likes: only our own words stay."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("BOTHWAYS_")}
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/", "LC_ALL": "C.UTF-8", "TZ": "UTC", **ours}


def _enter(namespace: int) -> None:
    if _LIBC.setns(namespace, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, f"setns: {os.strerror(number)}")
