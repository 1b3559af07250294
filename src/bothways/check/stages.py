"""The stages of a check, and what is said of each when it is over."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from bothways.check.network import Looked, Road
from bothways.check.traced import Shown, Trace, shown
from bothways.check.trial import OF_TARGET, Tried
from bothways.report.text import counted, listed
from bothways.units import plain

MOST_NAMED = 4
"""Addresses that one line can list."""


class Stage(StrEnum):
    """In the order of the course."""

    NAME = "name"
    ROAD = "route"
    WATCH = "capture"
    CONNECT = "connect"
    COMPARE = "compare"
    HOLD = "wait"
    JUDGE = "judge"


class Told(Protocol):
    """Who is told how a check goes."""

    def begin(self, stage: Stage, doing: str) -> None:
        """*stage* begins."""
        ...

    def end(self, says: str) -> None:
        """The stage that was begun last is over."""
        ...


def of_names(looked: Sequence[tuple[str, Looked]]) -> str:
    """`www.example.net is 192.0.2.1, 2001:db8::1 (12 ms)`."""
    return "; ".join(_of_name(host, one) for host, one in looked)


def _of_name(host: str, looked: Looked) -> str:
    if not looked.addresses:
        return f"{host} has no address: {looked.why}" if looked.why else f"{host} has no address"
    if looked.addresses == (host,):
        return f"{host} is an address"
    more = len(looked.addresses) - MOST_NAMED
    shown_ones = [*looked.addresses[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    return f"{host} is {listed(shown_ones)}" + (f" ({plain(looked.took)})" if looked.took else "")


def of_roads(roads: Sequence[Road]) -> str:
    """`from 198.51.100.7 over eth0 by 198.51.100.1`, each way once."""
    ways: dict[str, None] = {}
    for road in roads:
        if road.source is None:
            ways[f"none to {road.address}: {road.why}"] = None
        else:
            over = f" over {road.interface}" if road.interface else ""
            by = f" by {road.gateway}" if road.gateway else ""
            ways[f"from {road.source}{over}{by}"] = None
    return "; ".join(ways)


def of_fates(tries: Sequence[Tried]) -> str:
    """`6 connections: 4 answered, 2 stalled`."""
    words = {
        Shown.FINE: "answered",
        Shown.STALLED: "connected and stalled",
        Shown.UNANSWERED: "without an answer to the SYN",
        Shown.REFUSED: "refused",
        Shown.BROKEN: "broken off",
    }
    counts = Counter(shown(one) for one in tries)
    each = listed([f"{counts[fate]} {says}" for fate, says in words.items() if counts[fate]])
    return f"{counted(len(tries), 'connection')}: {each}"


def of_compared(tries: Sequence[Tried], traces: Sequence[Trace]) -> str:
    """What was made to compare the target with, and which kinds of packets were sent with a limited way to go."""
    beside = dict.fromkeys(one.trial.purpose.value for one in tries if one.trial.purpose not in OF_TARGET)
    kinds = dict.fromkeys(trace.sends.value for trace in traces)
    made = [f"{what}: {', '.join(names)}" for what, names in (("connections", beside), ("traces", kinds)) if names]
    return "; ".join(made) or "nothing to compare with"
