"""What hosts and filters say, as their programs print it, for tests of what is made of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bothways.evidence.case import Case, CounterEvidence, LogEvidence, Role, SocketEvidence
from bothways.facts.subject import Subject
from bothways.states import conntrack_stats, firewall_log, nstat, ss
from tests.helpers.network import CLIENT, SERVER

if TYPE_CHECKING:
    from bothways.evidence.endpoint import Endpoint

HERE = "10.0.0.1:40000 192.0.2.2:443"
"""The connection of `tests.helpers.network` as its client lists it."""
THERE = "192.0.2.2:443 10.0.0.1:40000"
"""And as its server does."""

DETAILS = "cubic rto:6528 backoff:{backoff} mss:1448 cwnd:1 bytes_acked:{acked} segs_out:12 lastack:{ms} unacked:1"


def sockets(*rows: str, vantage: str | None = None, file: str = "") -> SocketEvidence:
    """A list with *rows*, `STATE RECV-Q SEND-Q LOCAL PEER ...`."""
    name = file or f"{vantage or 'some'}.ss.txt"
    reading = ss.read("".join(f"{row}\n" for row in rows), file=name)
    assert not reading.problems
    return SocketEvidence(listing=reading.content, role=Role(vantage=vantage))


def stalled(ends: str = HERE, *, acked: int = 1, backoff: int = 5, ms: int = 7500, queue: int = 59) -> str:
    """An established socket whose data is not acknowledged."""
    return f"ESTAB 0 {queue} {ends} " + DETAILS.format(backoff=backoff, acked=acked, ms=ms)


def half_open(retries: int | None = 3, ends: str = THERE) -> str:
    """A server's socket that waits for the client's ACK."""
    timer = "" if retries is None else f" timer:(on,7.8ms,{retries})"
    return f"SYN-RECV 0 0 {ends}{timer}"


def unanswered(repeats: int = 3, ends: str = HERE) -> str:
    """A client's socket that waits for the SYN+ACK."""
    return f"SYN-SENT 0 1 {ends} timer:(on,3.8ms,{repeats})"


def listening(waiting: int, allowed: int, *, port: int = 443, more: str = "") -> str:
    """A listening socket with its accept queue."""
    return f"LISTEN {waiting} {allowed} *:{port} *:* {more}"


def counters(*snapshots: dict[str, int], vantage: str | None = "server", command: str = "nstat -az") -> CounterEvidence:
    """Snapshots of nstat in one file."""
    text = "".join(
        f"$ {command}\n#kernel\n" + "".join(f"{name} {value} 0.0\n" for name, value in counts.items())
        for counts in snapshots
    )
    reading = nstat.read(text, file=f"{vantage or 'some'}.nstat.txt")
    assert not reading.problems
    return CounterEvidence(log=reading.content, role=Role(vantage=vantage))


def tracking(*lines: str, vantage: str | None = None) -> CounterEvidence:
    """What connection tracking counts."""
    reading = conntrack_stats.read("".join(f"{line}\n" for line in lines), file="firewall.conntrack-stats.txt")
    assert not reading.problems
    return CounterEvidence(log=reading.content, role=Role(vantage=vantage))


def logged(prefix: str, flags: str, *, source: Endpoint = CLIENT, destination: Endpoint = SERVER) -> str:
    """One packet in a filter's log."""
    return (
        f"{prefix} IN=eth0 OUT=eth1 SRC={source.address} DST={destination.address} LEN=52 TTL=63 PROTO=TCP "
        f"SPT={source.port} DPT={destination.port} WINDOW=64 RES=0x00 {flags} URGP=0"
    )


def log(*lines: str, vantage: str | None = None) -> LogEvidence:
    """A log of a packet filter."""
    reading = firewall_log.read("".join(f"{line}\n" for line in lines), file="firewall.log")
    assert not reading.problems
    return LogEvidence(log=reading.content, role=Role(vantage=vantage))


def untold(**more: Any) -> Subject:
    """The target, of which no capture knows."""
    blank: dict[str, Any] = dict.fromkeys(
        ("exemplars", "connections", "neighbours", "observers", "offsets", "paths", "sessions", "rules", "attempts"), ()
    )
    return Subject(**({"client": "", "server": SERVER, "name": "", "firewalls": ()} | blank | more))


def case(**more: Any) -> Case:
    """A case of such evidence alone."""
    return Case(files=(), **more)
