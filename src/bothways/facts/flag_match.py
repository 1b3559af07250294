"""Which packets of an ordinary connection a filter's match on TCP flags takes, as nft(8) prints such matches.

A rule against bogus combinations, or against resets alone, must not be mistaken for one against established packets.
"""

import re
from collections.abc import Callable
from enum import Enum

Flags = frozenset[str]


class Carries(Enum):
    """The flags of what a client sends in a connection; its repeats and its FIN are not needed to tell rules apart."""

    SYN = frozenset({"syn"})
    ACK = frozenset({"ack"})
    DATA = frozenset({"ack", "psh"})


_SET = r"\(?\s*([a-z]+(?:\s*[|,]\s*[a-z]+)*)\s*\)?"
_MASKED = re.compile(rf"&\s*{_SET}\s*(==|!=)\s*(?:{_SET}|0x0+|0)")
_SLASHED = re.compile(rf"(!=\s*)?{_SET}\s*/\s*{_SET}")
_PLAIN = re.compile(rf"(==|!=|!)?\s*{_SET}")


def taken(match: str) -> frozenset[Carries] | None:
    """Which of a connection's packets *match* takes; None where it is written in a way that this does not read."""
    takes = reading(match)
    return None if takes is None else frozenset(packet for packet in Carries if takes(packet.value))


def reading(match: str) -> Callable[[Flags], bool] | None:
    """What tells whether *match* takes a packet with given flags; None where this does not read it."""
    return next((takes for read in (_masked, _slashed, _plain) if (takes := read(match.strip())) is not None), None)


def _masked(match: str) -> Callable[[Flags], bool] | None:
    """`& (fin|syn|rst|ack) != syn`."""
    found = _MASKED.fullmatch(match)
    if found is None:
        return None
    mask, value, equal = _flags(found[1]), _flags(found[3] or ""), found[2] == "=="
    return lambda flags: (flags & mask == value) is equal


def _slashed(match: str) -> Callable[[Flags], bool] | None:
    """`syn / syn,ack`: value and mask."""
    found = _SLASHED.fullmatch(match)
    if found is None:
        return None
    value, mask, equal = _flags(found[2]), _flags(found[3]), not found[1]
    return lambda flags: (flags & mask == value) is equal


def _plain(match: str) -> Callable[[Flags], bool] | None:
    """`syn`: any of these bits; `! syn`: none of them; `== syn` and `!= syn`: exactly these, or not."""
    found = _PLAIN.fullmatch(match)
    if found is None:
        return None
    value = _flags(found[2])
    match found[1]:
        case None:
            return lambda flags: bool(flags & value)
        case "!":
            return lambda flags: not flags & value
        case "==":
            return lambda flags: flags == value
        case _:
            return lambda flags: flags != value


def _flags(text: str) -> Flags:
    return frozenset(re.findall(r"[a-z]+", text))
