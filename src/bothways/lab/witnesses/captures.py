"""Captures by tcpdump (tcpdump(8)), and its word that nothing is missing in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from bothways.lab.model.scenario import Capture
from bothways.lab.witnesses import packets
from bothways.lab.witnesses.places import place
from bothways.lab.witnesses.programs import IncompleteError, Witness
from bothways.lab.world.waiting import until

PLAIN = "tcp or icmp or icmp6"
FILTER = f"{PLAIN} or (vlan and ({PLAIN}))"
"""What is kept. The tagged frames come last: all that follows the word `vlan` is looked for behind a tag. Of all
interfaces at once tcpdump knows no tags (LINUX_SLL2), and the kernel has taken them off."""

RING_KIB = 32_768
"""The kernel's memory for what tcpdump has yet to read. In immediate mode each packet takes as much of it as the
largest one could: up to 64 KiB where an interface leaves segmentation to a card, so that this holds 512 packets."""

_FIGURE = re.compile(r"(\d+) packets? (?:captured|received by filter|dropped by kernel)\b")


class Figures(NamedTuple):
    """What tcpdump says of itself, in packets."""

    captured: int
    """Written to the file."""
    received: int
    """Came in, whether or not there was room for them."""
    dropped: int


class Recording:
    """A capture that is being made."""

    def __init__(self, capture: Capture, folder: Path) -> None:
        """Start it, to be awaited until it is `listening`.

        Raises:
            InputError: its name is no file's.
            OSError: there is no such node, or no tcpdump.
        """
        self.file = place(folder, f"{capture.name}.pcap")
        self._counts: dict[str, tuple[int, int]] = {}
        command = ("tcpdump", "-i", capture.interface, "-s", "0", "-U", "--immediate-mode", "-B", str(RING_KIB))
        kept = PLAIN if capture.interface == "any" else FILTER
        # Without -Z, tcpdump would go on as a user who may not write here.
        self.witness = Witness(capture.node, *command, "-Z", "root", "-w", str(self.file), kept, folder=folder)

    def listening(self) -> bool:
        """Whether every packet from now on is seen.

        Raises:
            ProgramError: tcpdump could not begin.
        """
        self.witness.check_alive()
        return "listening on" in self.witness.said()

    def seen(self, expression: str) -> int:
        """Count the packets so far that match a tcpdump expression (pcap-filter(7)).

        Raises:
            ExpressionError: tcpdump does not understand the expression.
        """
        size = self.file.stat().st_size
        if self._counts.get(expression, (-1, 0))[0] != size:
            self._counts[expression] = (size, packets.count(self.file, expression, growing=True))
        return self._counts[expression][1]

    def end(self) -> Figures:
        """End it, once all that had come when this was called is written.

        Raises:
            IncompleteError: packets are missing.
            ProgramError: tcpdump failed.
        """
        # What it counts as received may be more than it ever keeps: frames that came before its filter was in force.
        until(self.witness.sleeps, f"{self.file.name} to hold what has come")
        self.witness.end()
        figures = Figures(*(int(number) for number in _FIGURE.findall(self.witness.said())[-3:]))
        if figures.dropped:
            message = f"{self.file.name} is not complete: {figures.dropped} packets were dropped by the kernel"
            raise IncompleteError(message)
        return figures


@contextmanager
def recording(captures: Sequence[Capture], folder: Path) -> Iterator[Mapping[str, Recording]]:
    """Capture at all points while the body runs, from before its first packet until after its last.

    Gives the recordings by the names of their captures. Each writes `NAME.pcap` in *folder*; after a body that fails
    they are only stopped.

    Raises:
        IncompleteError: packets are missing in one of them.
        InputError: the name of one is no file's.
        ProgramError: tcpdump failed, e.g. because there is no such interface.
    """
    with ExitStack() as stack:
        recordings: dict[str, Recording] = {}
        for capture in captures:
            recordings[capture.name] = Recording(capture, folder)
            stack.enter_context(recordings[capture.name].witness)
        for name, one in recordings.items():
            until(one.listening, f"tcpdump to listen for {name}.pcap")
        yield recordings
        with ThreadPoolExecutor(len(recordings) or 1) as pool:
            for _ in pool.map(Recording.end, recordings.values()):
                pass
