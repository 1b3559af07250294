"""Where a statement can be looked up: a file and a frame, a report and a line, a probe and its reply."""

from msgspec import Struct


class Citation(Struct, frozen=True, kw_only=True, order=True):
    """One place in the evidence that a person can open and check."""

    file: str
    """The evidence file, as the user named it (a folder's files are relative to that folder)."""

    frame: int | None = None
    """Number of the packet in a capture, counting from 1 as Wireshark does; None in other files."""

    line: int | None = None
    """Number of the line in a report, counting from 1; None in captures."""

    def __str__(self) -> str:
        """As a person would write it down: `client.pcap frame 8`, `curl.log line 12`."""
        if self.frame is not None:
            return f"{self.file} frame {self.frame}"
        if self.line is not None:
            return f"{self.file} line {self.line}"
        return self.file
