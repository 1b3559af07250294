"""The two ways of a connection: there (client to server) and back (server to client)."""

from enum import StrEnum


class Way(StrEnum):
    """One direction of a connection or of a path, named from the client's side."""

    THERE = "there"
    BACK = "back"

    @property
    def other(self) -> "Way":
        """The opposite way."""
        return Way.BACK if self is Way.THERE else Way.THERE
