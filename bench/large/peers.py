"""Who reads the captures, and how each is called. All write their result to nowhere."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PASS_ONE, DIAGNOSE, CAT = "pass-one", "diagnose", "cat"

NETVERDICT = "netverdict==0.9.0"

SLICED = 100_000
"""Packets that a slow peer reads; its time is scaled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One reader."""

    name: str
    says: str
    """How it is called, for people."""

    command: Callable[[Path, Path], list[str]]
    """From the capture and the folder of the benchmark."""

    needs: str = ""
    """Debian's package, where it is one."""

    program: str = ""
    """What must be on the PATH."""

    sliced: bool = False
    """It reads the first packets only, and its time is scaled by their number."""

    aim: float | None = None
    """The speed of pass one is to be so many times that of this reader."""

    fine: frozenset[int] = frozenset({0})
    """Exit statuses of a run that went well."""


SYN = "tcp[tcpflags] & tcp-syn != 0"
SYN_OF_BOTH = f"{SYN} or (ip6[6] == 6 and ip6[53] & 2 != 0)"

PEERS = (
    Peer(
        name=PASS_ONE,
        says="python -m bench.large.pass_one FILE",
        command=lambda file, _: [sys.executable, "-m", "bench.large.pass_one", str(file)],
    ),
    Peer(
        name=DIAGNOSE,
        says="python -m bothways diagnose FILE",
        command=lambda file, _: [sys.executable, "-m", "bothways", "diagnose", str(file)],
        fine=frozenset({0, 1, 4}),
    ),
    Peer(name=CAT, says="cat FILE", command=lambda file, _: ["cat", str(file)], program="cat", aim=0.35),
    Peer(
        name="tcpdump-syn",
        says=f"tcpdump -n -r FILE -w /dev/null '{SYN}' (IPv4 without VLAN tags only)",
        command=lambda file, _: ["tcpdump", "-n", "-r", str(file), "-w", "/dev/null", SYN],
        needs="tcpdump",
        program="tcpdump",
        aim=0.9,
    ),
    Peer(
        name="tcpdump-syn6",
        says=f"tcpdump -n -r FILE -w /dev/null '{SYN_OF_BOTH}'",
        command=lambda file, _: ["tcpdump", "-n", "-r", str(file), "-w", "/dev/null", SYN_OF_BOTH],
        needs="tcpdump",
        program="tcpdump",
    ),
    Peer(
        name="argus",
        says="argus -r FILE -w -",
        command=lambda file, _: ["argus", "-r", str(file), "-w", "-"],
        needs="argus-server",
        program="argus",
        aim=8,
    ),
    Peer(
        name="tcptrace",
        says="tcptrace -n FILE (-n: it would ask for the names of all addresses)",
        command=lambda file, _: ["tcptrace", "-n", str(file)],
        needs="tcptrace",
        program="tcptrace",
        aim=16,
    ),
    Peer(
        name="tshark",
        says="tshark -n -r FILE -q -z conv,tcp",
        command=lambda file, _: ["tshark", "-n", "-r", str(file), "-q", "-z", "conv,tcp"],
        needs="tshark",
        program="tshark",
        aim=70,
    ),
    Peer(
        name="netverdict",
        says=f"netverdict analyze FILE --json, of the first {SLICED:,} packets, scaled",
        command=lambda file, folder: [str(_netverdict(folder)), "analyze", str(file), "--json"],
        sliced=True,
        aim=400,
        fine=frozenset({0, 1, 2}),
    ),
)


def missing(peer: Peer, folder: Path) -> str | None:
    """Why *peer* cannot be run here; None where it can. Installs what a virtual environment of its own takes."""
    if peer.program and not shutil.which(peer.program):
        return f"{peer.program} was not found: install the package {peer.needs or peer.program}"
    return _install_netverdict(folder) if peer.name == "netverdict" else None


def _netverdict(folder: Path) -> Path:
    return folder / "netverdict" / "bin" / "netverdict"


def _install_netverdict(folder: Path) -> str | None:
    if _netverdict(folder).exists():
        return None
    venv.create(folder / "netverdict", with_pip=True)
    command = [str(folder / "netverdict" / "bin" / "python"), "-m", "pip", "install", "--quiet", NETVERDICT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{NETVERDICT} could not be installed: {done.stderr.strip()[-200:]}"
