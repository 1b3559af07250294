"""Unknown is a value, never a zero: what could not be seen, and why."""

from msgspec import Struct


class Unknown(Struct, frozen=True, kw_only=True):
    """The answer to a question that this evidence cannot decide."""

    why: str
    """What is missing or unreliable, as a clause that can follow "unknown:"; never empty."""

    moot: bool = False
    """The question does not arise here, so that nobody needs to be asked: who sent a reset, where there was none."""

    def __bool__(self) -> bool:
        """Refuse truth tests: an unknown is neither yes nor no, and `if fact:` would make it one."""
        message = f"an unknown is neither true nor false: {self.why}"
        raise TypeError(message)
