"""A difference between failed and working connections, in words with its numbers."""

from bothways.connections.differences import Difference, Form, Split
from bothways.connections.traits import Trait
from bothways.units import Duration, Instant, plain, rfc3339

_NOUNS = {
    Trait.CLIENT: "the client is",
    Trait.SOURCE_PORT: "the source port is",
    Trait.TIME: "they began",
    Trait.SIZE: "the client's largest segment has",
    Trait.REPLY_SIZE: "the server's largest segment has",
    Trait.AGE: "they had been open for",
    Trait.WAY_BACK: "the server's packets arrive with a TTL of",
    Trait.WAY_THERE: "the client's packets arrive with a TTL of",
    Trait.OPTIONS: "the SYN offers",
}


def told(difference: Difference) -> str:
    """`they began at 10:02:11 UTC or later in 40 of 40 that failed and in 3 of 415 that worked`."""
    also = "".join(f", or {described(split)} (which of them it is, is not told)" for split in difference.alike)
    return (
        f"{described(difference.split)}{also} in {difference.failed_with} of {difference.failed} that failed "
        f"and in {difference.worked_with} of {difference.worked} that worked"
    )


def described(split: Split) -> str:
    """What connections have that have *split*, as a clause."""
    noun = _NOUNS[split.trait]
    if isinstance(split.value, str):
        return f"{noun} {split.value}"
    value = _quantity(split.trait, split.value)
    match split.form:
        case Form.IS:
            return f"{noun} {value}"
        case Form.AT_LEAST:
            return f"{noun} {value} or {'later' if split.trait is Trait.TIME else 'more'}"
        case Form.BELOW:
            return f"{noun} {'before' if split.trait is Trait.TIME else 'less than'} {value}"
        case Form.WITHIN:
            return f"{noun} between {value} and {_quantity(split.trait, split.other)}"
        case Form.REST:
            return _remainder(split.value, split.other)


def _remainder(rest: int, divisor: int) -> str:
    if divisor == 2:
        return f"the source port is {'odd' if rest else 'even'}"
    return f"the source port divided by {divisor} leaves {rest}"


def _quantity(trait: Trait, value: int) -> str:
    match trait:
        case Trait.TIME:
            return moment(Instant(value))
        case Trait.AGE:
            return plain(Duration(value))
        case Trait.SIZE | Trait.REPLY_SIZE:
            return f"{value} bytes"
        case Trait.SOURCE_PORT | Trait.WAY_BACK | Trait.WAY_THERE | Trait.CLIENT | Trait.OPTIONS:
            return str(value)


def moment(instant: Instant) -> str:
    """`2026-11-22 10:02:11 UTC`: people compare clocks by the second."""
    text = rfc3339(instant)
    return f"{text[:19].replace('T', ' ')} UTC" if text.endswith("Z") else text
