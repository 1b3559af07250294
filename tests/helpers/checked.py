"""What a check may find, as values to write into its log."""

import io
from typing import Any

from bothways.check.log import CheckLog
from bothways.evidence.attempt import Attempt, Outcome
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came, ProbeTrace, Reply, Sends, Shot
from bothways.evidence.socket import Progress, Socket, SocketState
from bothways.units import Duration, Instant

BEGAN = Instant(1_795_370_000_000_000_000)
CLIENT = Endpoint("10.0.0.2", 40000)
SERVER = Endpoint("192.0.2.2", 443)
CONTROL = Endpoint("192.0.2.3", 443)
SITE = "www.example.net"


def attempt(outcome: Outcome = Outcome.STALLED, **more: Any) -> Attempt:
    told = {
        "line": 0,
        "outcome_line": 0,
        "name": SITE,
        "address": SERVER.address,
        "port": SERVER.port,
        "scheme": "https",
        "outcome": outcome,
        "client_hello_sent": True,
        "tls_answered": False,
        "took": Duration(8_000_000_000),
        "status": None,
        "began": BEGAN,
        "source": CLIENT,
    }
    return Attempt(**{**told, **more})


def socket(**more: Any) -> Socket:
    progress = Progress(
        bytes_sent=517,
        bytes_acked=1,
        bytes_received=0,
        unacked=1,
        backoff=4,
        retransmitted=5,
        since_acknowledgement=None,
    )
    told = {
        "line": 0,
        "state": SocketState.ESTABLISHED,
        "local_address": CLIENT.address,
        "local_port": CLIENT.port,
        "peer": SERVER,
        "received": 0,
        "pending": 517,
        "retries": 4,
        "progress": progress,
    }
    return Socket(**{**told, **more})


def reply(sender: str | None, came: Came = Came.TIME_EXCEEDED, **more: Any) -> Reply:
    return Reply(came=came, sender=sender, after=Duration(2_000_000), **more)


def shot(ttl: int, *replies: Reply, at: int | None = None) -> Shot:
    return Shot(line=0, ttl=ttl, at=Instant(BEGAN + (ttl if at is None else at)), replies=replies)


def trace(*shots: Shot, sends: Sends = Sends.SYN, **more: Any) -> ProbeTrace:
    told = {"source": CLIENT, "destination": SERVER, "size": 60, "ended": Instant(BEGAN + 5_000_000_000)}
    return ProbeTrace(line=0, sends=sends, shots=shots, **{**told, **more})


def log_of(*records: Attempt | Socket | ProbeTrace) -> str:
    """The text of a log with *records*."""
    file = io.BytesIO()
    log = CheckLog(file, began=BEGAN)
    for record in records:
        match record:
            case Attempt():
                log.attempt(record)
            case Socket():
                log.socket(record, at=BEGAN)
            case ProbeTrace():
                log.trace(record)
    return file.getvalue().decode()
