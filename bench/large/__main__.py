"""How fast large captures are read, beside others: python -m bench.large, or make bench BENCH_ARGS='...'.

Each reader runs as a process of its own, warm, in turns with all others; medians. Beside the capture that the ratios
are for, bothways and cat read smaller and larger ones, for the growth of time and memory. What bothways counts in each
is compared with the truth.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.large import truth
from bench.large.kinds import KINDS, capture, usual_folder
from bench.large.peers import CAT, DIAGNOSE, PASS_ONE, PEERS, Peer, missing
from bench.large.rounds import Capture, check, first_packets, in_turns
from bench.large.tables import FULL, aims, document, machine, table

OTHERS = ("0.1", "4", "1-snap", "0.1-ng", "flood")
"""Captures that only bothways and cat read."""

OWN = frozenset({PASS_ONE, DIAGNOSE, CAT})


def tell(says: str) -> None:
    print(says, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", metavar="READER,...", help=", ".join(peer.name for peer in PEERS))
    parser.add_argument("--captures", default=",".join((FULL, *OTHERS)), metavar="KIND,...", help=", ".join(KINDS))
    parser.add_argument("--peers-read", default=FULL, metavar="KIND", help="the capture that all readers read")
    parser.add_argument("--slow-once", action="store_true", help="run what takes over 30 s only twice")
    parser.add_argument("--unchecked", action="store_true", help="do not compare the diagnosis with the truth")
    parser.add_argument("--folder", type=Path, default=usual_folder(), help="where captures are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    given = parser.parse_args()
    given.captures = [name for name in given.captures.split(",") if name]
    given.only = [name for name in given.only.split(",") if name]
    for name in (*given.captures, given.peers_read):
        if name not in KINDS:
            parser.error(f"there is no capture {name}; there are {', '.join(KINDS)}")
    for name in given.only:
        if name not in {peer.name for peer in PEERS}:
            parser.error(f"there is no reader {name}; there are {', '.join(peer.name for peer in PEERS)}")
    return given


def main() -> None:
    given = arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    print(machine())
    wanted = [peer for peer in PEERS if not given.only or peer.name in given.only]
    skipped = {peer.name: why for peer in wanted if (why := missing(peer, given.folder)) is not None}
    readers = [peer for peer in wanted if peer.name not in skipped]
    for peer in wanted:
        print(f"  {peer.name}: {skipped.get(peer.name, peer.says)}")
    captures = _captures(given, readers)
    work = [(one, _readers_of(one, readers, given.peers_read)) for one in captures]
    measured = in_turns(work, given.folder, given.runs, tell, slow_once=given.slow_once)
    print("\n".join([*table(measured), *aims(measured)]))
    wrong = _checked(captures, readers, given)
    if given.json:
        given.json.write_text(json.dumps(document(measured, wrong, skipped), indent=1) + "\n", encoding="utf-8")


def _captures(given: argparse.Namespace, readers: Sequence[Peer]) -> list[Capture]:
    found = []
    for name in given.captures:
        try:
            path = capture(KINDS[name], given.folder, given.seed, tell)
        except OSError as error:
            sys.exit(str(error))
        sliced = name == given.peers_read and any(peer.sliced for peer in readers)
        first = first_packets(path, given.folder) if sliced else None
        found.append(Capture(name=name, path=path, truth=truth.read(path), first=first))
    return found


def _readers_of(one: Capture, readers: Sequence[Peer], peers_read: str) -> list[Peer]:
    return [peer for peer in readers if one.name == peers_read or peer.name in OWN]


def _checked(captures: Sequence[Capture], readers: Sequence[Peer], given: argparse.Namespace) -> dict[str, list[str]]:
    """What the diagnosis of each capture counts otherwise than the truth."""
    if given.unchecked or all(peer.name != DIAGNOSE for peer in readers):
        return {}
    wrong = {}
    for one in captures:
        wrong[one.name] = found = check(one, sys.executable, given.folder)
        says = "; ".join(found) or f"all {one.truth.failed.total():,} failures are counted, and nothing else"
        print(f"{one.name}: {says}")
    return wrong


if __name__ == "__main__":
    main()
