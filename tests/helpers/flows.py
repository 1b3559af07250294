"""Records of connections as a monitor's log tells of them: each call names only what its test is about."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.flow import Ending, Flow, FlowLog
from bothways.units import Instant
from tests.helpers.network import CLIENT, SERVER

SECOND = 1_000_000_000
BEGIN = 1_800_000_000 * SECOND


def flow(at: float = 0, *, lasted: float | None = 3.05, **more: Any) -> Flow:
    """Three SYNs without an answer, *at* so many seconds."""
    first = BEGIN + round(at * SECOND)
    made = Flow(
        line=8,
        client=Endpoint(CLIENT.address, 40_000 + round(at * 10)),
        server=SERVER,
        first=Instant(first),
        last=None if lasted is None else Instant(first + round(lasted * SECOND)),
        ending=Ending.ATTEMPT,
        history="S",
        packets=(3, 0),
        payload=(0, 0),
        complete=True,
    )
    return replace(made, **more)


def done(at: float = 0, **more: Any) -> Flow:
    """A page that was fetched."""
    ending = {"ending": Ending.CLOSED, "history": "ShADadfF", "packets": (6, 5), "payload": (77, 295)}
    return flow(at, lasted=0.25, **(ending | more))


def refused(at: float = 0, **more: Any) -> Flow:
    """A RST answered the SYN."""
    return flow(at, lasted=0.01, **({"ending": Ending.REJECTED, "history": "Sr", "packets": (1, 1)} | more))


def flow_log(*flows: Flow, file: str = "conn.log") -> FlowLog:
    return FlowLog(file=file, flows=flows, other=0)
