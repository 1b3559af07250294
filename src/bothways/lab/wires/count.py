"""What a wire did to the frames that came to it, and whether it did anything that it was not told to do."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WayCount:
    """One way. Frames, unless it says bytes.

    `taken + duplicated + injected == carried + failed + lost + overflowed + inspected + waiting`.
    """

    taken: int = 0
    """That came to the wire."""
    carried: int = 0
    """That left it at the other end."""
    carried_bytes: int = 0
    lost: int = 0
    """By chance, as told."""
    overflowed: int = 0
    """That found the queue of the limited rate full: lost as told."""
    duplicated: int = 0
    """Second copies made."""
    overtaking: int = 0
    """Sent ahead of those that waited."""
    inspected: int = 0
    """Kept back by the inspection."""
    injected: int = 0
    """That the inspection made itself: resets."""
    failed: int = 0
    """That the kernel would not send: unplanned."""
    waiting: int = 0
    """Still on their way when the wire was taken away: neither carried nor lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Both ways, and everything that was not planned."""

    there: WayCount = field(default_factory=WayCount)
    back: WayCount = field(default_factory=WayCount)
    surprises: dict[str, int] = field(default_factory=dict)
    """What happened to how many frames that nobody had asked for, by where it was seen; empty in a good run.

    A carrier that died is one, however many frames died with it.
    """

    @property
    def unplanned(self) -> int:
        """Losses that the wire was not told to make; above 0, the run proves nothing."""
        return sum(self.surprises.values())
