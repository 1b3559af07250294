"""Addresses of the links of a long way: each operator has a block, and numbers its links in its own manner.

IPv4 blocks are of the benchmarking range 198.18.0.0/15 (RFC 6890) or private (RFC 1918), IPv6 ones are for
documentation (RFC 3849), so that no lab ever names a real host. Links between routers are /31 (RFC 3021), /30 or
larger, and /127 (RFC 6164), /126 or /64.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LENGTHS = {4: {31: 5, 30: 4, 29: 1, 28: 1, 24: 2}, 6: {127: 4, 126: 1, 64: 5}}
"""How often an operator's links have each length of prefix."""

_LENGTHS_OF_TWO = {30, 31}

_LARGE = {4: 28, 6: 64}
"""By version of IP: longer prefixes are for links between two."""

_MOST_BLOCKS = 32
_MOST_TRIED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An operator's addresses."""

    large: Network
    """For links with room for more than two."""
    small: Network
    loopbacks: Network
    lengths: tuple[int, int]
    """Of most of its links, and of the others."""

    dense: bool
    """Whether it numbers one link after the other, without gaps."""


class Numbering:
    """Hands out the subnets of a block, none twice."""

    def __init__(self, block: Block, chance: Random) -> None:
        """Begin with an empty block."""
        self._block, self._chance = block, chance
        self._taken: list[tuple[int, int]] = []
        self._loopbacks = iter(chance.sample(range(1, 250), 200))

    def link(self) -> tuple[str, str]:
        """Return the addresses of both ends of a new link, each with the length of its prefix.

        Raises:
            ValueError: the block is full.
        """
        subnet = self._subnet(self._block.lengths[self._chance.random() < 0.15])
        self._taken.append((int(subnet[0]), int(subnet[-1])))
        first, second = self._chance.sample(_hosts(subnet), 2) if self._chance.random() < 0.3 else _hosts(subnet)[:2]
        return f"{first}/{subnet.prefixlen}", f"{second}/{subnet.prefixlen}"

    def loopback(self) -> str:
        """Return a new address that is on no link."""
        return str(self._block.loopbacks[next(self._loopbacks)])

    def _subnet(self, wanted: int) -> Network:
        """A free one; a block that is too full for large ones has small ones left."""
        for length in (wanted, self._block.small.max_prefixlen - 1):
            for subnet in self._candidates(length):
                first, last = int(subnet[0]), int(subnet[-1])
                if all(last < begin or end < first for begin, end in self._taken):
                    return subnet
        message = f"no room for another link in {self._block.small}"
        raise ValueError(message)

    def _candidates(self, length: int) -> Iterator[Network]:
        whole = self._block.small if length > _LARGE[self._block.small.version] else self._block.large
        size, count = 1 << (whole.max_prefixlen - length), 1 << (length - whole.prefixlen)
        places: Iterable[int] = range(min(count, _MOST_TRIED))
        if not self._block.dense:
            places = (self._chance.randrange(count) for _ in range(_MOST_TRIED))
        for place in places:
            yield ipaddress.ip_network((int(whole.network_address) + place * size, length))


def _hosts(subnet: Network) -> list[Address]:
    """The addresses that people give to the two ends: the first ones, now and then the last."""
    if subnet.num_addresses == 2:
        return [subnet[0], subnet[1]]
    last = -2 if subnet.num_addresses < 1 << 16 else 0xA
    return [subnet[1], subnet[2], subnet[last]] if subnet.num_addresses > 4 else [subnet[1], subnet[2]]


def blocks(chance: Random, ip: Literal[4, 6], *, large: bool) -> Iterator[Block]:
    """Yield one block after the other: the first is the client's own network's, private in IPv4.

    If *large*, most links of IPv4 have room for more than two.
    """
    weights = {length: weight for length, weight in _LENGTHS[ip].items() if not large or length not in _LENGTHS_OF_TWO}
    numbers = chance.sample(range(1, _MOST_BLOCKS), _MOST_BLOCKS - 1)
    for place, number in enumerate(numbers):
        wide, small, loopbacks = _block(ip, number, private=place == 0)
        lengths = chance.choices(list(weights), list(weights.values()), k=2)
        yield Block(
            large=wide,
            small=small,
            loopbacks=loopbacks,
            lengths=(lengths[0], lengths[1]),
            dense=chance.random() < 0.4,
        )


def _block(ip: Literal[4, 6], number: int, *, private: bool) -> tuple[Network, Network, Network]:
    """Where an operator's large links, small links and loopbacks are."""
    if ip == 6:
        start, parts = 0x20010DB8 << 96 | number << 88, ((0, 48), (1 << 80, 112), (0xFF << 80, 112))
    else:
        start = (10 << 24) + (number << 16) if private else (198 << 24 | 18 << 16) + (number << 12)
        parts = ((0, 21), (8 << 8, 22), (15 << 8, 24))
    large, small, loopbacks = (_network(ip, start + offset, length) for offset, length in parts)
    return large, small, loopbacks


def _network(ip: Literal[4, 6], address: int, length: int) -> Network:
    kind = ipaddress.IPv6Network if ip == 6 else ipaddress.IPv4Network
    return kind((address, length))


def host_links(chance: Random, ip: Literal[4, 6]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the host's and the router's address on the client's link, and on the server's."""
    whole = ("192.0.2.0", "203.0.113.0") if ip == 4 else ("2001:db8:c1::", "2001:db8:5e::")
    length = chance.choice((24, 27, 28)) if ip == 4 else 64
    found = []
    for text in whole:
        subnet = ipaddress.ip_network((text, length))
        host, router = subnet[chance.randint(4, 13)], subnet[1]
        found.append((f"{host}/{length}", f"{router}/{length}"))
    return found[0], found[1]
