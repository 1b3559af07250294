"""The words of one hop in a traceroute report (traceroute(8), "LIST OF AVAILABLE METHODS" and above).

A responder is printed once, before its first time; the times and marks that follow are its own. A star is a probe that
nobody answered. Networks stand before the responder (BSD) or behind it (Linux, Cisco), labels behind it.
"""

import re

from msgspec import Struct, field

from bothways.evidence.path_report import HopReply, Mark
from bothways.evidence.quoted_probe import Label
from bothways.evidence.report_lines import address_in, escaped
from bothways.traces.labels import IN_TEXT, NETWORKS, labels_in, networks_in
from bothways.traces.traceroute_marks import mark_of
from bothways.units import MILLISECOND, Duration

MOST_REPLIES = 128
"""Responders of one hop that are kept; traceroute sends at most 10 probes a hop unless it is rebuilt."""

_WORD = re.compile(rf"(?:{IN_TEXT}|{NETWORKS}|\(\d{{1,3}}% loss\)|\[ \d\])(?=\s|$)|\S+")
_TIME = re.compile(r"<?(\d{1,9}(?:[.,]\d{0,6})?)(ms|msec)?", re.ASCII)
_UNITS = frozenset({"ms", "msec"})
_MTU = re.compile(r"F=(\d{2,6})", re.ASCII)
_BACK = re.compile(r"'-(\d{1,3})'", re.ASCII)
_REPLY_TTL = re.compile(r"\((?:ttl=)?(\d{1,3})!?\)|\[ ?(\d{1,3})\]", re.ASCII)
"""`(62)` and `(ttl=62!)` of BSD, `[62]` of paris-traceroute."""

_LABELS = re.compile(IN_TEXT)
_NETWORKS = re.compile(NETWORKS)
_ANSWERED = frozenset({"[open]", "[closed]"})
_REMARK = re.compile(r"\[\S*\]|<\S+>|[A-Z]=\S+|\((?:TOS=\d+!?|\d+% loss)\)|P\(\d+,|\d+\)")
"""Further ICMP extensions, TCP flags, type of service, BSD's share of loss (`-S`), paris-traceroute's probe counts."""


class _Responder(Struct, kw_only=True):
    name: str | None
    address: str | None
    round_trips: list[Duration] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    back: int | None = None
    reply_ttl: int | None = None
    labels: list[Label] = field(default_factory=list)
    networks: tuple[int, ...] = ()


class HopWords(Struct, kw_only=True):
    """What the words of a hop have said so far."""

    cisco: bool = False
    sent: int = 0
    lost: int = 0
    responders: dict[tuple[str | None, str | None], _Responder] = field(default_factory=dict)
    current: _Responder | None = None
    mtu: int | None = None
    """The smallest one that this hop tells of."""

    answered: bool = False
    """tcptraceroute says that the port answered here."""

    _networks: tuple[int, ...] = ()
    """Those that the next responder has, or the current one if a time comes first."""

    _labelling: bool = False
    """The word before was a label of the first stack that the current responder showed."""

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
                reply_ttl=one.reply_ttl,
                labels=tuple(one.labels),
                networks=one.networks,
            )
            for one in self.responders.values()
        )

    def loss(self) -> float | None:
        """Share of probes without reply."""
        return self.lost / self.sent if self.sent else None

    def _word(self, word: str, following: str) -> int:
        """Read *word* and, where they belong together, *following*; give back how many words that was."""
        labels, self._labelling = self._labelling, False
        # Cisco prints `?` for an answer of a kind that it does not know.
        if word == "*" or (word == "?" and self.cisco):
            self.sent += 1
            self.lost += 1
            return 1
        time = _TIME.fullmatch(word)
        if time and (time[2] or following in _UNITS):
            return self._time(time[1], 1 if time[2] else 2)
        if word.startswith("!"):
            return self._mark(word)
        if self.current and _LABELS.fullmatch(word):
            return self._label(word, more=labels)
        return 1 if self._remark(word) else self._responder(word, following)

    def _remark(self, word: str) -> bool:
        """Read what stands beside responders and times, if *word* is such a thing."""
        if mtu := _MTU.fullmatch(word):
            self.mtu = int(mtu[1]) if self.mtu is None else min(self.mtu, int(mtu[1]))
        elif self.current and (back := _BACK.fullmatch(word)):
            self.current.back = int(back[1])
        elif self.current and (ttl := _REPLY_TTL.fullmatch(word)):
            arrived = int(ttl[1] or ttl[2])
            if self.current.reply_ttl is None and arrived <= 255:
                self.current.reply_ttl = arrived
        elif _NETWORKS.fullmatch(word):
            self._networks = networks_in(word)
        elif word in _ANSWERED:
            self.answered = True
        else:
            return _REMARK.fullmatch(word) is not None
        return True

    def _label(self, word: str, *, more: bool) -> int:
        """Keep the labels of *word*: each probe's reply shows its stack, and the first one shown is kept."""
        if self.current and (more or not self.current.labels):
            self.current.labels.extend(labels_in(word))
            self._labelling = True
        return 1

    def _time(self, figure: str, used: int) -> int:
        if self.current is None:
            return 0
        self._settle()
        self.sent += 1
        self.current.round_trips.append(Duration(round(float(figure.replace(",", ".")) * MILLISECOND)))
        return used

    def _mark(self, word: str) -> int:
        found = mark_of(word, v6=":" in (self.current.address or "") if self.current else False, cisco=self.cisco)
        if found is None or (self.current is None and found.mark is not None):
            return 0
        if self.current and found.mark and found.mark not in self.current.marks:
            self.current.marks.append(found.mark)
        return 1

    def _settle(self) -> None:
        """Give the networks that were read to the current responder."""
        if self.current and self._networks:
            self.current.networks = self._networks
        self._networks = ()

    def _responder(self, word: str, following: str) -> int:
        quoted = following.startswith("(") and following.endswith(")")
        address = address_in(following[1:-1]) if quoted else address_in(word)
        # Who hides an address may put a word in its place, twice.
        if address is None and not (quoted and following[1:-1] == word):
            return 0
        name = None if address_in(word) else escaped(word)
        key = (name, address)
        if key not in self.responders:
            if len(self.responders) >= MOST_REPLIES:
                return 0
            self.responders[key] = _Responder(name=name, address=address)
        self.current = self.responders[key]
        self._settle()
        return 2 if quoted else 1


def words_of(text: str) -> list[str]:
    """The words of *text*, where labels and networks in brackets are one word each."""
    # paris-traceroute leaves no space there.
    return _WORD.findall(text.replace(")[AS", ") [AS"))


def continues(words: list[str]) -> bool:
    """Whether *words* can be the rest of a hop: times, stars, marks and responders, and nothing else."""
    rest = HopWords(current=_Responder(name=None, address=None))
    return not rest.take(words) and rest.sent > 0
