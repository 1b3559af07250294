"""What the user knows of a network beyond the reports: whose an address is, and which devices there are.

An address database and an inventory answer these questions; without either, nobody does.
"""

from typing import Protocol

from bothways.evidence.path_report import HopReply


class Knowledge(Protocol):
    """The user's own databases, read already: pure look-ups."""

    def network(self, address: str) -> int | None:
        """Tell the number of the autonomous system that *address* (canonical text) belongs to; None where unknown."""

    def device(self, reply: HopReply) -> str | None:
        """Tell the one name under which the user's list holds the device that sent *reply*; None where it does not."""


class Ignorance:
    """Nothing known beyond the reports."""

    def network(self, address: str) -> int | None:  # noqa: ARG002 - the protocol's
        """Tell nothing."""
        return None

    def device(self, reply: HopReply) -> str | None:  # noqa: ARG002 - the protocol's
        """Tell nothing."""
        return None


NOTHING_KNOWN = Ignorance()
