"""Arithmetic on TCP sequence numbers: the only place that counts modulo 2^32.

"the actual sequence number space is finite, though large. [...] Since the space is finite, all arithmetic dealing with
sequence numbers must be performed modulo 2^32." (RFC 9293 section 3.4). Every function takes numbers from 0 to 2^32-1.
"""

MODULUS = 1 << 32
HALF = 1 << 31
_MASK = MODULUS - 1

LARGEST_WINDOW = 1 << 30
"""No window reaches further: 65,535 shifted by at most 14 (RFC 7323 section 2.3). Numbers further apart than this say
nothing about which came first."""


def distance(start: int, end: int) -> int:
    """How far *end* lies after *start*: from -2^31 to 2^31-1, negative where it lies before."""
    return ((end - start + HALF) & _MASK) - HALF


def advance(seq: int, count: int) -> int:
    """The sequence number *count* octets after *seq*; before it for a negative count."""
    return (seq + count) & _MASK


def before(first: int, second: int) -> bool:
    """Tell whether *first* lies before *second*; equal numbers do not, nor does one exactly 2^31 away."""
    return ((second - first + HALF) & _MASK) > HALF


def later(first: int, second: int) -> int:
    """The one of two sequence numbers that lies after the other."""
    return second if before(first, second) else first


def earlier(first: int, second: int) -> int:
    """The one of two sequence numbers that lies before the other."""
    return second if before(second, first) else first


def covers(start: int, end: int, seq: int) -> bool:
    """Tell whether *seq* lies in the space from *start* up to, but not including, *end*."""
    return 0 <= distance(start, seq) < distance(start, end)
