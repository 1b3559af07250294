"""The few signs beside words, and what stands for them where the terminal cannot show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """One set of signs, all one or two columns wide. Words always say the same."""

    confirmed: str
    possible: str
    eliminated: str
    problem: str


UNICODE = Symbols(confirmed="✔", possible="?", eliminated="✘", problem="!")
ASCII = Symbols(confirmed="*", possible="?", eliminated="x", problem="!")


def symbols_for(encoding: str | None) -> Symbols:
    """The signs that can be written in *encoding*."""
    try:
        (UNICODE.confirmed + UNICODE.eliminated).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
