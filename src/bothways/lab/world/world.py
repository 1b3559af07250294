"""A world for one lab: processes, mounts and namespace names of its own, which the kernel takes back when it ends.

    bothways ──fork──> the lab: process 1 of a PID namespace, in a mount namespace
                        ├── tcpdump, servers, wires ...: end with process 1, whatever ends it (pid_namespaces(7))
                        └── /run/netns: a file system in memory that this lab alone sees

Nothing has to be cleaned up, so nothing can be forgotten: not after an error, not after Ctrl-C, not after SIGKILL of
either process. A network namespace goes with the last process in it and the last mount of it, and both go with the lab.
"""

import contextlib
import ctypes
import os
import pickle
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, NoReturn

from bothways.errors import BothwaysError, InvalidRunError, MissingPermissionError
from bothways.lab.world.nodes import NAMESPACES

_WORK = 200
WORK = Path(f"/proc/1/fd/{_WORK}")
"""A folder in memory, for whatever a lab writes before it is done: no path leads there but process 1's descriptor."""

_CLONE_NEWNS, _CLONE_NEWPID = 0x00020000, 0x20000000  # linux/sched.h
_MS_REC, _MS_PRIVATE = 1 << 14, 1 << 18  # linux/mount.h
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_REQUESTS = (signal.SIGINT, signal.SIGTERM)
"""To end."""

NEEDS = "a lab builds network namespaces, which needs Linux and root; run it with sudo, or in a virtual machine"


def live(life: Callable[[], int]) -> int:
    """Run *life* in a new world, to its end.

    To be called while this process has one thread only. SIGINT and SIGTERM are passed on to the lab.

    Returns:
        What *life* returned.

    Raises:
        InvalidRunError: the lab's first process was killed.
        MissingPermissionError: this is not Linux, or not root, or namespaces are not allowed here.
        Exception: whatever *life* raised.
    """
    insist()
    _flush()
    with contextlib.ExitStack() as until_the_end:
        # Until both processes have said what a request to end is to them, it waits.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _REQUESTS)
        until_the_end.callback(signal.pthread_sigmask, signal.SIG_SETMASK, mask)
        alive, keep_alive = map(until_the_end.enter_context, _pipe())
        said, say = map(until_the_end.enter_context, _pipe())
        child = _fork_into_new_pids()
        if child == 0:
            keep_alive.close()
            said.close()
            _be_first(life, alive, say, mask)
        alive.close()
        say.close()
        return _outcome(child, said, mask)


def insist() -> None:
    """Make sure that a lab may be built here.

    Raises:
        MissingPermissionError: this is not Linux, or not root.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        raise MissingPermissionError(NEEDS)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by the caller
            stream.flush()


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that made it ends (prctl(2), PR_SET_PDEATHSIG)."""
    _call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _fork_into_new_pids() -> int:
    """fork(2), with the child as process 1 of a PID namespace; this process' other children stay in its own."""
    with Path("/proc/self/ns/pid").open("rb") as own:
        try:
            _call("unshare", _CLONE_NEWPID)
        except OSError as error:
            message = f"{NEEDS} (namespaces are not allowed here: {error.strerror})"
            raise MissingPermissionError(message) from error
        child = os.fork()
        if child:
            _call("setns", own.fileno(), _CLONE_NEWPID)
        return child


def _be_first(life: Callable[[], int], alive: IO[bytes], say: IO[bytes], mask: Iterable[int]) -> NoReturn:
    """Be process 1: live, and tell how that ended. To return, or to raise, would be to live on as a second caller."""
    try:
        outcome = _lived(life, alive, mask, say)
        signal.pthread_sigmask(signal.SIG_BLOCK, _REQUESTS)
        say.write(_packed(outcome))
        say.close()
        os._exit(0)
    finally:
        os._exit(1)


def _lived(life: Callable[[], int], alive: IO[bytes], mask: Iterable[int], say: IO[bytes]) -> int | BaseException:
    try:
        for number in _REQUESTS:
            signal.signal(number, lambda _, __: _end_at_once(say))
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        end_with_parent()
        if select.select([alive], [], [], 0)[0]:
            os._exit(1)  # who started us went before we asked to be told
        _own_mounts()
        status = life()
        _flush()
    except BaseException as error:  # noqa: BLE001 - told to the other process, which raises it
        return error
    return status


def _end_at_once(say: IO[bytes]) -> NoReturn:
    """Obey a request to end: nothing has to be cleaned up, and an exception might be swallowed wherever it lands."""
    os.write(say.fileno(), _packed(KeyboardInterrupt()))
    os._exit(0)


def _own_mounts() -> None:
    try:
        _call("unshare", _CLONE_NEWNS)
        _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
        _call("mount", b"proc", b"/proc", b"proc", 0, None)
    except PermissionError as error:
        message = f"{NEEDS} (mounts are not allowed here: {error.strerror})"
        raise MissingPermissionError(message) from error
    if not NAMESPACES.exists():
        # A folder made there would stay.
        _call("mount", b"tmpfs", bytes(NAMESPACES.parent), b"tmpfs", 0, None)
        NAMESPACES.mkdir()
    for hides_the_other in (False, True):
        _call("mount", b"tmpfs", bytes(NAMESPACES), b"tmpfs", 0, None)
        if not hides_the_other:
            _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # one descriptor for each of many connections
            folder = os.open(NAMESPACES, os.O_PATH | os.O_DIRECTORY)
            os.dup2(folder, _WORK, inheritable=False)
            os.close(folder)


def bind(file: Path, over: Path) -> None:
    """Show one file in another's place, to this lab alone.

    Raises:
        OSError: mount(2) failed.
    """
    _call("mount", bytes(file), bytes(over), None, 4096, None)  # MS_BIND


def _packed(outcome: int | BaseException) -> bytes:
    if isinstance(outcome, BaseException) and not isinstance(outcome, BothwaysError):
        # What is to be said to a user is all in its sentence; of the rest, whoever mends it wants to know where it was.
        outcome.add_note("".join(["In the lab: ", *traceback.format_exception(outcome)]))
    try:
        packed = pickle.dumps(outcome)
        pickle.loads(packed)  # noqa: S301 - packed a line above
    except Exception:  # noqa: BLE001 - some exceptions hold what cannot be packed, such as a lock, or unpacked
        return pickle.dumps(RuntimeError(f"{type(outcome).__name__}: {outcome}"))
    return packed


def _outcome(child: int, said: IO[bytes], mask: Iterable[int]) -> int:
    """Wait for the lab's end; pass requests to end on to it."""
    # Its number may be another's once it has ended; its descriptor never is.
    handle = os.pidfd_open(child)
    before = {number: signal.signal(number, lambda number, _: _pass_on(handle, number)) for number in _REQUESTS}
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        packed = said.read()
        os.waitpid(child, 0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(handle)
    if not packed:
        message = "the lab's first process was killed"
        raise InvalidRunError(message)
    outcome = pickle.loads(packed)  # noqa: S301 - written by this very program
    if isinstance(outcome, BaseException):
        raise outcome
    return int(outcome)


def _pass_on(handle: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        signal.pidfd_send_signal(handle, number)


def _call(function: str, *arguments: object) -> None:
    """One of libc's, which answer 0 or leave an error number.

    Raises:
        OSError: that error.
    """
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
