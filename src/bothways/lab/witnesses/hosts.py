"""What hosts say of their own connections: ss(8) and nstat(8)."""

from collections.abc import Sequence
from pathlib import Path

from bothways.lab.world import nodes

COMMANDS = {
    # `connected` is all that do not listen; by itself ss leaves out the half-open ones and those in TIME-WAIT.
    "ss": ("ss", "-tino", "state", "connected"),
    "ss-listening": ("ss", "-ltn"),
    # Since the node began, zeros too, and without the history that nstat keeps in a file of this machine.
    "nstat": ("nstat", "-asz"),
}
"""What is asked, by the middle of the file's name."""


def ask(names: Sequence[str], folder: Path) -> None:
    """Write NODE.ss.txt, NODE.ss-listening.txt and NODE.nstat.txt, as things stand at this moment.

    Raises:
        ProgramError: a program failed.
    """
    for name in names:
        for kind, command in COMMANDS.items():
            (folder / f"{name}.{kind}.txt").write_text(nodes.run(name, *command).stdout)
