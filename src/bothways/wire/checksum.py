"""The Internet checksum: the 16-bit one's complement of the one's complement sum (RFC 1071).

This is the definition; the native kernel computes the same faster and must agree on any input.
"""

import struct

PARTIAL_SUM_LIMIT = 1 << 32
"""Partial sums are kept in 32 bits: room for the 65,535 words of the longest packet (RFC 1071 section 2 (A))."""


def internet_checksum(data: bytes, initial: int = 0) -> int:
    """Give the checksum of data, continued from a partial sum.

    "Adjacent octets to be checksummed are paired to form 16-bit integers, and the 1's complement sum of these 16-bit
    integers is formed" (RFC 1071 section 1). An odd last octet is paired with a zero; nothing sums to nought.

    Args:
        data: The octets, of any number. Over data that includes a correct checksum field the result is 0.
        initial: The sum of the 16-bit words that came before, a pseudo header's for example; not complemented.

    Returns:
        The checksum, as a 16-bit number in network order.

    Raises:
        OverflowError: The partial sum is negative or needs more than 32 bits, which no sum of a packet's words does.
    """
    if not 0 <= initial < PARTIAL_SUM_LIMIT:
        message = f"a partial checksum must fit in 32 bits without a sign, and {initial} does not"
        raise OverflowError(message)
    padded = data + b"\0" if len(data) % 2 else data
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 2}H", padded)
    total = initial + sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
