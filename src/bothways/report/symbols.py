"""The few signs beside words, and what stands for them where the terminal cannot show them."""

from msgspec import Struct


class Strokes(Struct, frozen=True, kw_only=True):
    """What the two ways are drawn with, each one column wide."""

    joined: str
    """One router on both ways."""

    perhaps: str
    """Perhaps one router."""

    upright: str
    """The other way goes on."""

    there: str
    """Proven to stand on the way there only."""

    back: str
    likely_there: str
    """Probably on the way there only."""

    likely_back: str
    silent: str
    untold: str
    device: str
    line: str
    cut: str
    """Where a name is longer than its column."""


class Symbols(Struct, frozen=True, kw_only=True):
    """One set of signs, all one or two columns wide. Words always say the same."""

    confirmed: str
    possible: str
    eliminated: str
    problem: str
    ways: Strokes


UNICODE = Symbols(
    confirmed="✔",
    possible="?",
    eliminated="✘",
    problem="!",
    ways=Strokes(
        joined="═",
        perhaps="╌",
        upright="│",
        there="▼",
        back="▲",
        likely_there="▽",
        likely_back="△",
        silent="·",
        untold="?",
        device="◆",
        line="─",
        cut="…",
    ),
)
ASCII = Symbols(
    confirmed="*",
    possible="?",
    eliminated="x",
    problem="!",
    ways=Strokes(
        joined="=",
        perhaps="-",
        upright="|",
        there="V",
        back="A",
        likely_there="v",
        likely_back="^",
        silent=".",
        untold="?",
        device="#",
        line="-",
        cut="~",
    ),
)


def symbols_for(encoding: str | None) -> Symbols:
    """The signs that can be written in *encoding*."""
    try:
        (UNICODE.confirmed + UNICODE.eliminated).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
