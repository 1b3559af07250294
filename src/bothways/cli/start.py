"""Runs the program and turns whatever ends it into an exit status and, if anything went wrong, one line of explanation.

0 healthy    1 a fault was found    2 the call or the input is wrong    3 a permission is missing
4 undetermined    70 an error in bothways itself, never 1    130 interrupted
"""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from typing import NoReturn

from bothways.errors import BothwaysError

WRONG_CALL = 2

OURS = 70
"""EX_SOFTWARE of sysexits.h."""

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count."""

DEBUG = "BOTHWAYS_DEBUG"

COMPLETING = "_BOTHWAYS_COMPLETE"
"""Set by a shell that asks what a word may be completed to (click, "Shell Completion")."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def main() -> NoReturn:
    """The entry point of the command `bothways`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status."""
    try:
        return _run(arguments)
    except BothwaysError as error:
        _complain(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except SystemExit as end:
        # Typer leaves with 1 when the reader of its output goes away, and 1 says that a fault was found.
        if isinstance(end.__context__, BrokenPipeError):
            return 0
        raise
    except Exception as error:  # noqa: BLE001 - whatever else escapes is our mistake, and 1 would say "a fault was found"
        return _own_mistake(error)


def _run(arguments: Sequence[str]) -> int:
    from typer import TyperException  # noqa: PLC0415 - so that an interrupt during these imports is caught too
    from typer.main import get_command  # noqa: PLC0415

    from bothways.cli.app import app  # noqa: PLC0415

    command = get_command(app)
    # A shell that completes calls without words as well, and reads the answer from standard output.
    if not arguments and COMPLETING not in os.environ:
        with redirect_stdout(sys.stderr):
            command.main(args=["--help"], prog_name="bothways", standalone_mode=False)
        return WRONG_CALL
    try:
        status = command.main(args=list(arguments), prog_name="bothways", standalone_mode=False)
    except TyperException as error:
        _complain(f"{error.format_message().rstrip('.')}; see bothways --help")
        return WRONG_CALL
    if status == INTERRUPTED:
        _complain("interrupted")
    return status if isinstance(status, int) else 0


def _own_mistake(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        # Nobody's mistake after all: standard output is the only thing that is written.
        _complain(f"cannot write the result: {str(error.strerror).lower()}; make room, or write it elsewhere")
        return WRONG_CALL
    if os.environ.get(DEBUG) == "1":
        from traceback import print_exception  # noqa: PLC0415 - only here

        print_exception(error)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    report = f"please report it, with what {DEBUG}=1 adds to this message"
    _complain(f"internal error, {what}. This is a mistake in bothways: {report}")
    return OURS


def _complain(sentence: str) -> None:
    """One line on standard error; a message may quote bytes of a stranger's file."""
    shown = "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in sentence)
    if sys.stderr is None:
        return  # closed by the caller; print would take standard output instead
    with suppress(OSError):  # nobody may be listening
        print(f"bothways: {shown}", file=sys.stderr)  # noqa: T201 - standard error is where complaints belong
