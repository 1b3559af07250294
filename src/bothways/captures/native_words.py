"""Addresses, ends and carriers as the kernel's records hold them."""

from collections.abc import Sequence
from functools import lru_cache

from bothways.captures.tcp_segment import endpoint
from bothways.evidence.endpoint import Endpoint
from bothways.wire.address import address
from bothways.wire.link import mac

_NO_MAC = 0xFF

Word = tuple[str, tuple[bytes, bytes] | None]
"""What a header is called with its identifier, and a tunnel's ends."""


@lru_cache(maxsize=16_384)
def address_in(field: bytes) -> str:
    """The address in a field: how many bytes it has, then these."""
    return address(field[1 : 1 + field[0]])


@lru_cache(maxsize=65_536)
def end_in(field: bytes, port: int) -> Endpoint:
    """The end of a connection with an address in such a field."""
    return endpoint(field[1 : 1 + field[0]], port)


@lru_cache(maxsize=1024)
def mac_in(field: bytes) -> str | None:
    """The link-layer address in such a field, of as many bytes as were kept; None where there is none."""
    return None if field[0] == _NO_MAC else mac(field[1 : 1 + field[0]])


def layers_of(words: Sequence[Word]) -> tuple[str, ...]:
    """What carried a packet, in words (`Segment.layers`)."""
    return tuple(_text(*word) for word in words)


def _text(called: str, ends: tuple[bytes, bytes] | None) -> str:
    return called if ends is None else f"{called} {address(ends[0])} > {address(ends[1])}"
