"""Which captures there are, and the folder in which each is kept once it is made."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.large import files, truth
from bench.large.flood import flooded
from bench.large.frames import SECOND
from bench.large.merge import slices
from bench.large.plan import Order, Plan
from bench.large.truth import Truth

FORMAT = 2
"""Counted up when the maker changes what it makes, so that nobody reads an older file for a newer one."""

SPARE = 1 << 30
"""Bytes of disk that are left alone."""

SNAP = 96
SEEN_CUT = {"no-route-ipv6": "unanswered"}
"""What failures are in a capture cut to so many bytes, where they differ: of the packet that an ICMPv6 error quotes,
not even the ports are left."""

FORGED = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One capture file."""

    name: str
    says: str
    size: int
    """Bytes, about."""

    connections: int
    failures: int
    forged: int = 0
    of: str | None = None
    """The kind that it is made of; None where it is drawn."""

    suffix: str = ".pcap"


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="0.1", says="0.1 GB", size=100_000_000, connections=25_000, failures=500),
        Kind(
            name="1",
            says="1.2 GB: the capture that the ratios are for",
            size=1_200_000_000,
            connections=300_000,
            failures=6000,
        ),
        Kind(name="4", says="4 GB with as many connections", size=4_000_000_000, connections=300_000, failures=6000),
        Kind(name="10", says="10 GB with as many connections", size=10_000_000_000, connections=300_000, failures=6000),
        Kind(
            name="1-snap",
            says="1 cut to 96 bytes a packet",
            size=430_000_000,
            connections=300_000,
            failures=6000,
            of="1",
        ),
        Kind(
            name="0.1-snap",
            says="0.1 cut to 96 bytes a packet",
            size=36_000_000,
            connections=25_000,
            failures=500,
            of="0.1",
        ),
        Kind(
            name="0.1-ng",
            says="0.1 as pcapng",
            size=110_000_000,
            connections=25_000,
            failures=500,
            of="0.1",
            suffix=".pcapng",
        ),
        Kind(
            name="flood",
            says="ten million SYNs from ten million sources, and 100 failures among 2000 connections",
            size=770_000_000,
            connections=2000,
            failures=100,
            forged=FORGED,
        ),
    )
}


def usual_folder() -> Path:
    """Where captures are kept unless somebody says otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bothways-bench"


def capture(
    kind: Kind, folder: Path, seed: int, tell: Callable[[str], None], kinds: Mapping[str, Kind] = KINDS
) -> Path:
    """The file, made if it is not there yet.

    Raises:
        OSError: The disk has no room for it, or the folder cannot be written.
    """
    path = folder / f"{kind.name}-seed{seed}-v{FORMAT}{kind.suffix}"
    if truth.beside(path).exists():
        return path
    source = capture(kinds[kind.of], folder, seed, tell, kinds) if kind.of else None
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < kind.size * 1.1 + SPARE:
        message = f"{folder} has {free / 1e9:.1f} GB left, and {kind.says} takes {kind.size / 1e9:.1f} GB: make room"
        raise OSError(message)
    tell(f"making {path.name}: {kind.says}")
    half = path.with_suffix(".half")
    try:
        held = _derived(kind, source, half) if source else draw(kind, half, seed)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    truth.write(held, path)
    return path


def draw(kind: Kind, path: Path, seed: int) -> Truth:
    """Draw a capture of *kind* into *path*."""
    order = Order(seed, kind.connections, kind.size if not kind.forged else 0, kind.failures)
    plan = Plan(order)
    end = order.seconds * SECOND
    found = slices(plan.begun(), end)
    if kind.forged:
        found = flooded(found, kind.forged, end, plan.flooded, seed)
    packets = files.write(path, found)
    return Truth(
        seed=seed,
        packets=packets,
        size=path.stat().st_size,
        connections=plan.connections,
        forged=kind.forged,
        failing=tuple(plan.failing),
    )


def _derived(kind: Kind, source: Path, path: Path) -> Truth:
    known = truth.read(source)
    if kind.suffix == ".pcapng":
        files.as_pcapng(source, path)
        return replace(known, size=path.stat().st_size)
    files.cut(source, path, SNAP)
    seen = tuple(one._replace(outcome=SEEN_CUT.get(one.kind, one.outcome)) for one in known.failing)
    return replace(known, size=path.stat().st_size, failing=seen)
