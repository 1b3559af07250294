"""A process that stands for hardware goes first: programs that compute should not make a wire slow."""

import contextlib
import gc
import os

_URGENT = -15
"""Niceness (sched(7)). Not -20, so that a machine full of busy wires still listens."""


def claim() -> None:
    """Let this process go before others, as far as this machine allows; it must lead its own session.

    To be called by a program that makes no circles of references: memory is not searched for them any more.
    """
    gc.disable()
    with contextlib.suppress(OSError):  # in a container, say: the wire works, and is late where the machine is busy
        os.setpriority(os.PRIO_PROCESS, 0, _URGENT)
        # Niceness counts only among the processes of one session, where the kernel groups them so.
        with open("/proc/self/autogroup", "w", encoding="ascii") as group:  # noqa: PTH123 - pathlib takes time to import
            group.write(str(_URGENT))
