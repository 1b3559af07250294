"""What a host has counted: events of its whole network stack, whichever connection was the cause."""

from enum import StrEnum

from msgspec import Struct


class Span(StrEnum):
    """The time that a count speaks of."""

    SINCE_START = "since-start"
    """Since the host, or its network namespace, began."""
    SINCE_LAST = "since-last"
    """Since somebody asked last."""
    UNTOLD = "untold"
    """One of the two; the output does not say which."""


class Counter(Struct, frozen=True, kw_only=True):
    """One count."""

    name: str
    """As Linux names it: `TcpExtListenOverflows` (Documentation/networking/snmp_counter.rst); what connection tracking
    counts has the prefix `Conntrack`: `ConntrackInvalid`."""

    value: int
    line: int


class Snapshot(Struct, frozen=True, kw_only=True):
    """Counts that were printed together."""

    span: Span
    counters: tuple[Counter, ...]
    """Each name once. A count that is missing was not printed: unknown, not nought."""

    def get(self, name: str) -> Counter | None:
        """The counter called *name*."""
        return next((counter for counter in self.counters if counter.name == name), None)


class CounterLog(Struct, frozen=True, kw_only=True):
    """One file of counts, in its order."""

    file: str
    snapshots: tuple[Snapshot, ...]
