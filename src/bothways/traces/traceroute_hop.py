"""The words of one hop in a traceroute report (traceroute(8), "LIST OF AVAILABLE METHODS" and above).

A responder is printed once, before its first time; the times and marks that follow are its own. A star is a probe that
nobody answered. A mark is the code of an ICMP destination unreachable, and the same letter does not mean the same to
all: Linux and BSD differ, and for IPv6 `!A` is the host that cannot be reached.
"""

import re
from dataclasses import dataclass, field

from bothways.evidence.path_report import HopReply, Mark
from bothways.evidence.report_lines import address_in, escaped
from bothways.units import Duration

NANOSECONDS_PER_MILLISECOND = 1_000_000

MOST_REPLIES = 128
"""Responders of one hop that are kept; traceroute sends at most 10 probes a hop unless it is rebuilt."""

_TIME = re.compile(r"<?(\d{1,9}(?:[.,]\d{0,6})?)(ms)?", re.ASCII)
_MARK = re.compile(r"!(?:(?P<letter>[A-Z])(?:-\d+)?|<(?:\d+-)?(?P<code>\d+)>|(?P<bare>\d+)|)", re.ASCII)
_MTU = re.compile(r"F=(\d{2,6})", re.ASCII)
_BACK = re.compile(r"'-(\d{1,3})'", re.ASCII)
_REMARK = re.compile(r"\[\S*\]|<\S+>|[A-Z]=\S+|\((?:TOS=|ttl=)?\d+!?\)")
"""AS numbers, tcptraceroute's [open], TCP flags, MPLS labels, type of service or TTL of the reply."""

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
    # BSD, macOS and busybox name more codes (traceroute(8) of FreeBSD; contrib/traceroute/traceroute.c).
    "Q": Mark.SERVICE,
    "A": Mark.PROHIBITED,
    "Z": Mark.PROHIBITED,
    "U": Mark.NETWORK,
    "W": Mark.HOST,
    "I": Mark.HOST,
}
_CODES = {"9": Mark.PROHIBITED, "10": Mark.PROHIBITED, "13": Mark.PROHIBITED}
"""`!<num>` is the code of an ICMP unreachable; 9, 10 and 13 prohibit (RFC 1812 section 5.2.7.1)."""


@dataclass(slots=True, kw_only=True)
class _Responder:
    name: str | None
    address: str | None
    round_trips: list[Duration] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    back: int | None = None


@dataclass(slots=True, kw_only=True)
class HopWords:
    """What the words of a hop have said so far."""

    sent: int = 0
    lost: int = 0
    responders: dict[tuple[str | None, str | None], _Responder] = field(default_factory=dict)
    current: _Responder | None = None
    mtu: int | None = None
    """The smallest one that this hop tells of."""

    def take(self, words: list[str]) -> list[str]:
        """Read *words*; give back those that were not understood."""
        strange: list[str] = []
        at = 0
        while at < len(words):
            following = words[at + 1] if at + 1 < len(words) else ""
            used = self._word(words[at], following)
            if not used:
                strange.append(words[at])
            at += used or 1
        return strange

    def replies(self) -> tuple[HopReply, ...]:
        """The responders in the order of their first answer."""
        return tuple(
            HopReply(
                name=one.name,
                address=one.address,
                marks=tuple(one.marks),
                round_trips=tuple(one.round_trips),
                back=one.back,
            )
            for one in self.responders.values()
        )

    def loss(self) -> float | None:
        """Share of probes without reply."""
        return self.lost / self.sent if self.sent else None

    def _word(self, word: str, following: str) -> int:
        """Read *word* and, where they belong together, *following*; give back how many words that was."""
        if word == "*":
            self.sent += 1
            self.lost += 1
            return 1
        time = _TIME.fullmatch(word)
        if time and (time[2] or following == "ms"):
            return self._time(time[1], 1 if time[2] else 2)
        if mark := _MARK.fullmatch(word):
            return self._mark(mark)
        return 1 if self._remark(word) else self._responder(word, following)

    def _remark(self, word: str) -> bool:
        """Read what stands beside responders and times, if *word* is such a thing."""
        if mtu := _MTU.fullmatch(word):
            self.mtu = int(mtu[1]) if self.mtu is None else min(self.mtu, int(mtu[1]))
        elif self.current and (back := _BACK.fullmatch(word)):
            self.current.back = int(back[1])
        else:
            return _REMARK.fullmatch(word) is not None
        return True

    def _time(self, figure: str, used: int) -> int:
        if self.current is None:
            return 0
        self.sent += 1
        self.current.round_trips.append(Duration(round(float(figure.replace(",", ".")) * NANOSECONDS_PER_MILLISECOND)))
        return used

    def _mark(self, match: re.Match[str]) -> int:
        if match[0] == "!":  # BSD: the reply's own TTL was 1 or less
            return 1
        if self.current is None:
            return 0
        code = match["code"] or match["bare"]
        mark = _CODES.get(code, Mark.OTHER) if code else _LETTERS.get(match["letter"])
        if match["letter"] == "A" and ":" in (self.current.address or ""):
            mark = Mark.HOST
        if mark is None:
            return 0
        if mark not in self.current.marks:
            self.current.marks.append(mark)
        return 1

    def _responder(self, word: str, following: str) -> int:
        quoted = following.startswith("(") and following.endswith(")")
        address = address_in(following[1:-1]) if quoted else address_in(word)
        if address is None:
            return 0
        name = None if address_in(word) else escaped(word)
        key = (name, address)
        if key not in self.responders:
            if len(self.responders) >= MOST_REPLIES:
                return 0
            self.responders[key] = _Responder(name=name, address=address)
        self.current = self.responders[key]
        return 2 if quoted else 1


def continues(words: list[str]) -> bool:
    """Whether *words* can be the rest of a hop: times, stars, marks and responders, and nothing else."""
    rest = HopWords(current=_Responder(name=None, address=None))
    return not rest.take(words) and rest.sent > 0
