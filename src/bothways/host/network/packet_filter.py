"""A classic BPF program for the packets of chosen addresses and the ICMP errors about them; all else stays unseen.

The instructions are those of Linux' Documentation/networking/filter.rst. Packets begin at their IP header, as they do
for a packet socket of type SOCK_DGRAM.
"""

import struct
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

_INSTRUCTION = struct.Struct("=HBBI")
_LOAD_WORD, _LOAD_BYTE = 0x20, 0x30  # ld [k], ldb [k]
_LOAD_WORD_BEHIND, _LOAD_BYTE_BEHIND = 0x40, 0x50  # ld [x + k], ldb [x + k]
_HEADER_LENGTH = 0xB1  # ldx 4 * ([k] & 0xf)
_EQUAL, _GREATER, _AND, _SHIFT_RIGHT = 0x15, 0x25, 0x54, 0x74
_JUMP, _RETURN = 0x05, 0x06

_EVERYTHING = 0xFFFF_FFFF
_ICMP, _ICMPV6 = 1, 58
_ICMPV6_ERRORS_END = 127
""""ICMPv6 error messages ... have a zero in the high-order bit of their message Type field" (RFC 4443 section 2.1)."""
_ICMP_ERRORS = (3, 4, 5, 11, 12)
"""Those that quote a packet (RFC 792)."""

_Instruction = tuple[int, int, int, int]
_ACCEPT: _Instruction = (_RETURN, 0, 0, _EVERYTHING)
_REFUSE: _Instruction = (_RETURN, 0, 0, 0)

MOST = 128
"""Addresses in a filter: the kernel takes 4096 instructions (BPF_MAXINSNS), and one of IPv6 needs 27."""


def program(addresses: Iterable[str]) -> bytes:
    """The instructions, each of eight bytes.

    It lets pass what comes from or goes to one of *addresses*, and ICMP errors that quote a packet to one of them.
    """
    texts = [ip_address(text.partition("%")[0]) for text in addresses]
    v4 = [int(one) for one in texts if isinstance(one, IPv4Address)]
    v6 = [int(one) for one in texts if isinstance(one, IPv6Address)]
    part4, part6 = _v4(v4), _v6(v6)
    whole = [
        (_LOAD_BYTE, 0, 0, 0),
        (_SHIFT_RIGHT, 0, 0, 4),
        (_EQUAL, 0, 1, 4),
        (_JUMP, 0, 0, 3),
        (_EQUAL, 0, 1, 6),
        (_JUMP, 0, 0, 1 + len(part4)),
        _REFUSE,
        *part4,
        *part6,
    ]
    return b"".join(_INSTRUCTION.pack(*instruction) for instruction in whole)


def _v4(addresses: Sequence[int]) -> list[_Instruction]:
    """From here on the packet is IPv4."""
    wanted = [*_any_word(12, addresses), *_any_word(16, addresses)]
    errors = _any_of(_ICMP_ERRORS)
    return [
        *wanted,
        (_LOAD_BYTE, 0, 0, 9),
        (_EQUAL, 1, 0, _ICMP),
        _REFUSE,
        (_HEADER_LENGTH, 0, 0, 0),
        (_LOAD_BYTE_BEHIND, 0, 0, 0),
        *errors,
        _REFUSE,
        (_LOAD_WORD_BEHIND, 0, 0, 8 + 16),
        *_matches(addresses),
        _REFUSE,
    ]


def _v6(addresses: Sequence[int]) -> list[_Instruction]:
    """From here on the packet is IPv6; an error behind extension headers is not looked for."""
    quoted = [instruction for address in addresses for instruction in _long(40 + 8 + 24, address)]
    wanted = [instruction for start in (8, 24) for address in addresses for instruction in _long(start, address)]
    return [
        *wanted,
        (_LOAD_BYTE, 0, 0, 6),
        (_EQUAL, 1, 0, _ICMPV6),
        _REFUSE,
        (_LOAD_BYTE, 0, 0, 40),
        (_GREATER, 0, 1, _ICMPV6_ERRORS_END),
        _REFUSE,
        *quoted,
        _REFUSE,
    ]


def _any_of(values: Sequence[int]) -> list[_Instruction]:
    """Go on behind the refusal that follows if the accumulator is one of *values*."""
    last = len(values) - 1
    return [(_EQUAL, last - place + 1, 0, value) for place, value in enumerate(values)]


def _any_word(offset: int, words: Sequence[int]) -> list[_Instruction]:
    return [(_LOAD_WORD, 0, 0, offset), *_matches(words)]


def _matches(words: Sequence[int]) -> list[_Instruction]:
    """Accept if the accumulator is one of *words*."""
    return [instruction for word in words for instruction in ((_EQUAL, 0, 1, word), _ACCEPT)]


def _long(offset: int, address: int) -> list[_Instruction]:
    """Accept if the sixteen bytes at an offset are *address*."""
    whole: list[_Instruction] = []
    for place in range(4):
        word = address >> (96 - 32 * place) & 0xFFFF_FFFF
        whole += [(_LOAD_WORD, 0, 0, offset + 4 * place), (_EQUAL, 0, 2 * (3 - place) + 1, word)]
    return [*whole, _ACCEPT]


def words(addresses: Iterable[str]) -> str:
    """The same as an expression of pcap-filter(7), for people."""
    texts = [text.partition("%")[0] for text in addresses]
    hosts = " or ".join(f"host {text}" for text in texts)
    return f"{hosts} or icmp or icmp6" if texts else "icmp or icmp6"
