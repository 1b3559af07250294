"""Counting packets in captures by an independent reader: tcpdump with an expression (pcap-filter(7))."""

import re
import subprocess
from pathlib import Path

from bothways.errors import InputError
from bothways.lab.world.nodes import ProgramError

_COUNT = re.compile(r"(\d+) packets?\n")


class ExpressionError(InputError):
    """An expression that tcpdump does not understand, in its words: no count, not even zero."""


def count(file: Path, expression: str, *, growing: bool = False) -> int:
    """Count the packets of a capture that match an expression; a frame with a VLAN tag matches only after `vlan and`.

    Args:
        file: the capture.
        expression: as tcpdump takes it.
        growing: whether the file is being written, so that its last packet may be there in part.

    Raises:
        ExpressionError: tcpdump does not understand *expression*.
        ProgramError: it cannot read the file to its end.
    """
    # --count prints how many there are in place of the packets themselves.
    command = ("tcpdump", "--count", "-n", "-r", str(file), "--", expression)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the lab's own command
    found = _COUNT.fullmatch(done.stdout)
    if done.returncode == 0 and found:
        return int(found[1])
    if growing and "truncated dump file" in done.stderr:
        return int(found[1]) if found else 0
    said = done.stderr.strip().rpartition("tcpdump: ")[2]
    # It tells that it reads as soon as it has seen the file's header, and then looks at the expression.
    if "reading from file" in done.stderr and not said.startswith("pcap_loop"):
        message = f"tcpdump does not understand {expression!r}: {said}"
        raise ExpressionError(message)
    message = f"tcpdump cannot count {expression!r} in {file.name}: {said}"
    raise ProgramError(message)
