"""Runs all readers in turns, so that whatever else the machine does hits each of them alike."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.large import files, truth
from bench.large.peers import PASS_ONE, SLICED, Peer
from bench.large.process import Run, read_once, run
from bench.large.truth import Truth

SLOW = 30.0
"""Seconds from which on a reader is run only `RARELY`, if that is asked for."""

RARELY = 2


@dataclass(slots=True, kw_only=True)
class Timed:
    """All runs of one reader over one capture."""

    peer: Peer
    capture: str
    packets: int
    """Those that it read."""

    size: int
    """Bytes that it read."""

    whole: int
    """Packets of the whole capture."""

    runs: list[Run] = field(default_factory=list)
    called: list[float] = field(default_factory=list)
    """Seconds of the call alone, without the start of Python; only of pass one."""

    @property
    def median(self) -> float:
        """Seconds, scaled to the whole capture."""
        return statistics.median(one.seconds for one in self.runs) * self.whole / self.packets

    @property
    def cpu(self) -> float:
        """Seconds of processor time, scaled as well."""
        return statistics.median(one.cpu for one in self.runs) * self.whole / self.packets

    @property
    def call(self) -> float | None:
        return statistics.median(self.called) if self.called else None

    @property
    def rate(self) -> float:
        """Packets in a second."""
        return self.whole / self.median

    @property
    def peak(self) -> int:
        """Bytes; of what it read, not scaled."""
        return max(one.peak for one in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A file to be read."""

    name: str
    path: Path
    truth: Truth
    first: Path | None
    """Its first packets, for those who are slow."""


def in_turns(
    captures: Sequence[tuple[Capture, Sequence[Peer]]],
    folder: Path,
    runs: int,
    tell: Callable[[str], None],
    *,
    slow_once: bool,
) -> list[Timed]:
    """Every reader over its capture *runs* times: A B C, A B C, ... A reader that fails is told of and left out."""
    pairs = [(capture, _timed(capture, peer)) for capture, peers in captures for peer in peers]
    failed: set[int] = set()
    for turn in range(runs):
        last = None
        for capture, timed in pairs:
            if id(timed) in failed or (slow_once and turn >= RARELY and timed.runs[-1].seconds > SLOW):
                continue
            if capture is not last:
                # A large capture may have driven the others out of memory meanwhile.
                read_once(capture.path)
                last = capture
            done = _once(capture, timed, folder)
            tell(f"turn {turn + 1}: {timed.peer.name} on {capture.name}: {done.seconds:.2f} s, status {done.status}")
            if done.status not in timed.peer.fine:
                tell(f"{timed.peer.name} failed: {done.said}")
                failed.add(id(timed))
    return [timed for _, timed in pairs if id(timed) not in failed]


def _timed(capture: Capture, peer: Peer) -> Timed:
    held, path = capture.truth, capture.path
    if peer.sliced and capture.first is not None and held.packets > SLICED:
        return Timed(
            peer=peer,
            capture=capture.name,
            packets=SLICED,
            size=capture.first.stat().st_size,
            whole=held.packets,
        )
    return Timed(peer=peer, capture=capture.name, packets=held.packets, size=path.stat().st_size, whole=held.packets)


def _once(capture: Capture, timed: Timed, folder: Path) -> Run:
    scaled = timed.packets < timed.whole and capture.first is not None
    path = capture.first if scaled and capture.first else capture.path
    if timed.peer.name != PASS_ONE:
        done = run(timed.peer.command(path, folder))
    else:
        answer = folder / "pass-one.json"
        done = run(timed.peer.command(path, folder), answer)
        if done.status == 0:
            timed.called.append(json.loads(answer.read_text(encoding="utf-8"))["seconds"])
    timed.runs.append(done)
    return done


def first_packets(path: Path, folder: Path) -> Path:
    """The first packets of a capture as a file of their own, made once."""
    made = folder / f"{path.stem}-first{path.suffix}"
    if not made.exists():
        files.first(path, made, SLICED)
    return made


def check(capture: Capture, python: str, folder: Path) -> list[str]:
    """Where `bothways diagnose --json` counts other failures than the truth."""
    answer = folder / "diagnosis.json"
    done = run([python, "-m", "bothways", "diagnose", "--json", str(capture.path)], answer)
    if done.status not in {0, 1, 4}:
        return [f"bothways diagnose failed with status {done.status}: {done.said}"]
    return truth.differences(capture.truth, truth.counted(json.loads(answer.read_text(encoding="utf-8"))))
