"""What a reader could not read: where, and what that means for the rest."""

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """One thing in an evidence file that was not understood; everything before it was kept."""

    says: str
    """The sentence: what is wrong and what was done about it. Control characters are escaped."""

    offset: int | None = None
    """Byte offset in a binary file where the trouble starts; None where lines count."""

    line: int | None = None
    """Line number, from 1, in a text file; None in binary files."""

    file: str | None = None
    """Which file of a capture that has several; None where there is only one."""

    def __str__(self) -> str:
        """The sentence with its place in front."""
        within = f"in {self.file}" if self.file is not None else ""
        if self.offset is not None:
            return f"{within}{within and ', '}at byte {self.offset}: {self.says}"
        if self.line is not None:
            return f"{within}{within and ', '}line {self.line}: {self.says}"
        return f"{within}: {self.says}" if within else self.says
