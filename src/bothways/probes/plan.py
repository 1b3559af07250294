"""What every plan of a test looks like to whoever carries it out.

    while (due := plan.due(now)) is not None:       # None: it is over
        send every packet of plan.packets(now)
        wait until *due* or until a packet arrives, and tell the plan of it by plan.hear(...)

A plan reads no clock and opens no socket: the same script of times and replies gives the same packets, so that it can
be played against a network that exists on paper only.
"""

from typing import Protocol

from msgspec import Struct

from bothways.evidence.probing import ProbeTrace
from bothways.units import Instant


class Heard(Struct, frozen=True, kw_only=True):
    """A packet that arrived."""

    at: Instant
    packet: bytes
    """From its IP header on."""


class Plan(Protocol):
    """One test."""

    def packets(self, now: Instant) -> tuple[bytes, ...]:
        """What to send now, each from its IP header on; asked again after each `hear` and when it is `due`."""
        ...

    def hear(self, heard: Heard) -> None:
        """Take notice of a packet; of foreign ones too, which it passes over."""
        ...

    def due(self, now: Instant) -> Instant | None:
        """Until when at most to wait for a packet before asking again; None where the test is over."""
        ...

    def traces(self) -> tuple[ProbeTrace, ...]:
        """What was sent and heard so far; lines are numbered later, and are 0 here."""
        ...
