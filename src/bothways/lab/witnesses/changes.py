"""Every change of a node's connection tracking, told by `conntrack -E` as it happens (conntrack(8))."""

from pathlib import Path

from bothways.lab.witnesses import subscriptions
from bothways.lab.witnesses.programs import IncompleteError, Witness
from bothways.lab.witnesses.subscriptions import Subscription
from bothways.lab.world.waiting import until


class Changes:
    """`conntrack -E`, which tells every change of a node's connection tracking as it happens."""

    def __init__(self, node: str, folder: Path) -> None:
        """Start it; it is to be begun."""
        output = folder / f"{node}.conntrack-events.txt"
        self.witness = Witness(node, "conntrack", "-E", "-o", "timestamp", folder=folder, output=output)

    def begin(self) -> None:
        """Wait until it is told of everything, and will be, also while it is kept from listening.

        Raises:
            ProgramError: conntrack could not begin.
            OSError: pidfd_getfd(2) is not allowed.
        """
        until(self._subscribed, f"{self.witness.name} to listen")
        # Its own option for this, -b, enlarges the other of its two sockets (conntrack-tools 1.4.7).
        subscriptions.enlarge(self.witness.process.pid, self._subscription().descriptor)

    def _subscribed(self) -> bool:
        self.witness.check_alive()
        return bool(subscriptions.of(self.witness.process.pid))

    def _subscription(self) -> Subscription:
        (one,) = subscriptions.of(self.witness.process.pid)
        return one

    def end(self) -> None:
        """End it, once all that had changed when this was called is told.

        Raises:
            IncompleteError: changes were not told.
            ProgramError: conntrack failed.
        """
        until(self._told_all, f"{self.witness.name} to tell what it heard")
        lost = self._subscription().lost
        self.witness.end()
        if lost or "losing events" in self.witness.said():
            message = f"{self.witness.name} missed {lost or 'some'} changes"
            raise IncompleteError(message)

    def _told_all(self) -> bool:
        """Whether nothing waits to be read, and what was read is told."""
        self.witness.check_alive()
        # In this order: what was read before it was seen to sleep is told.
        return not self._subscription().waiting and self.witness.sleeps()
