"""The `!` marks of traceroute: codes of ICMP destination unreachable, and what else a reply was.

The same letter does not mean the same to all: Linux, BSD and Cisco differ, and for IPv6 `!A` is the host that cannot be
reached (traceroute(8) of Linux and of FreeBSD; contrib/traceroute/traceroute.c; Cisco's "Traceroute Command Text
Characters").
"""

import re

from msgspec import Struct

from bothways.evidence.path_report import Mark

_MARK = re.compile(r"!(?:(?P<letter>[A-Z])(?:-\d+)?|<(?:\d+-)?(?P<code>\d+)>|(?P<bare>\d+)|)", re.ASCII)

_LETTERS = {
    "H": Mark.HOST,
    "N": Mark.NETWORK,
    "P": Mark.PROTOCOL,
    "X": Mark.PROHIBITED,
    "V": Mark.PRECEDENCE,
    "F": Mark.NEEDS_FRAGMENTATION,
    "S": Mark.SOURCE_ROUTE,
    "C": Mark.CUTOFF,
    "T": Mark.SERVICE,
    # BSD, macOS and busybox name more codes.
    "Q": Mark.SERVICE,
    "A": Mark.PROHIBITED,
    "Z": Mark.PROHIBITED,
    "U": Mark.NETWORK,
    "W": Mark.HOST,
    "I": Mark.HOST,
}
_CISCO = {"Q": None, "U": None, "T": None}
"""Source quench, port unreachable (the destination's own answer) and a timeout there."""

_CODES = {"9": Mark.PROHIBITED, "10": Mark.PROHIBITED, "13": Mark.PROHIBITED}
"""`!<num>` is the code of an ICMP unreachable; 9, 10 and 13 prohibit (RFC 1812 section 5.2.7.1)."""


class Marked(Struct, frozen=True, kw_only=True):
    """What a mark means."""

    mark: Mark | None
    """None where it is no unreachable: a bare `!` of BSD is a reply whose own TTL was 1 or less."""


def mark_of(word: str, *, v6: bool, cisco: bool) -> Marked | None:
    """What *word* means beside a responder, which may have an IPv6 address; None where it is no mark."""
    found = _MARK.fullmatch(word)
    if found is None:
        return None
    code, letter = found["code"] or found["bare"], found["letter"]
    if code:
        return Marked(mark=_CODES.get(code, Mark.OTHER))
    if letter is None or (cisco and letter in _CISCO):
        return Marked(mark=None)
    mark = Mark.HOST if letter == "A" and v6 else _LETTERS.get(letter)
    return Marked(mark=mark) if mark else None
