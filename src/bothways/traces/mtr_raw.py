"""`mtr --raw`: a line for each event (ui/raw.c), `x` a probe sent, `h` an address, `d` its name, `p` a reply.

`m` is an MPLS label with its class, bottom bit and TTL. Hops count from 0 there, times are microseconds. Before 0.86 a
reply had no number and no probe a line of its own, so that nobody can tell what was lost. In its first round mtr probes
past the destination, which answers each of these probes: hops that only repeat the last address are left out.
"""

import re
from collections.abc import Iterable

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.quoted_probe import Label
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.labels import MOST_LABELS, labels_in
from bothways.traces.moment import is_moment
from bothways.traces.mtr_command import Command, understood
from bothways.traces.mtr_host import MOST_REPLIES
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.units import Duration

NANOSECONDS_PER_MICROSECOND = 1_000

NUMBERS_WRAP = 65_000
"""Above this mtr's probe numbers are about to begin again (65,535 is the last): that begins no other run."""

_EVENT = re.compile(
    r"x (?P<sent>\d{1,3}) (?P<number>\d{1,6})|h (?P<at>\d{1,3}) (?P<address>\S{2,64})"
    r"|d (?P<named>\d{1,3}) (?P<name>\S{1,255})"
    r"|p (?P<heard>\d{1,3}) (?P<microseconds>\d{1,9})(?: (?P<answers>\d{1,6}))?"
    r"|m (?P<under>\d{1,3})(?P<label>(?: \d{1,10}){4})",
    re.ASCII,
)


def recognises(text: str) -> bool:
    """Whether *text* begins with events, one of them an address."""
    events = [event for line in top(text, "mtr") if (event := _EVENT.fullmatch(line))]
    return len(events) > 1 and any(event["address"] and address_in(event["address"]) for event in events)


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All runs in *text*: one begins where mtr's probe numbers begin again."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mtr")


class _Hop(Struct):
    """One distance, as far as its events tell."""

    line: int
    addresses: dict[str, None] = field(default_factory=dict)
    name: str | None = None
    sent: int = 0
    heard: int = 0
    best: int = 0
    worst: int = 0
    total: int = 0
    labels: dict[str, dict[Label, None]] = field(default_factory=dict)
    """By the address that was told before them; mtr prints a stack anew with each of its hop's answers."""

    waits: bool = False
    """The last probe has no reply yet."""

    def reply(self, microseconds: int) -> None:
        """Count one reply."""
        self.best = min(self.best, microseconds) if self.heard else microseconds
        self.worst = max(self.worst, microseconds)
        self.total += microseconds
        self.heard += 1
        self.waits = False

    def label(self, figures: str) -> None:
        """Keep one label of the address that was told last."""
        value, traffic_class, bottom, ttl = figures.split()
        stack = self.labels.setdefault(next(reversed(self.addresses), ""), {})
        if len(stack) < MOST_LABELS:
            stack.update(dict.fromkeys(labels_in(f"Lbl {value} TC {traffic_class} S {bottom} TTL {ttl}")))

    def as_evidence(self, index: int) -> Hop:
        """The hop. Its last probe may still be on its way when the output ends, and does not count then."""
        sent = self.sent - (self.waits and self.sent > 1)
        known = sent >= self.heard and sent > 0
        times = (self.best, self.total // self.heard, self.worst) if self.heard else ()
        trips = tuple(Duration(one * NANOSECONDS_PER_MICROSECOND) for one in times)
        replies = tuple(
            HopReply(
                name=None if place else self.name,
                address=one,
                round_trips=() if place else trips,
                labels=tuple(self.labels.get(one, ())),
            )
            for place, one in enumerate(self.addresses)
        )
        loss = (sent - self.heard) / sent if known else None
        return Hop(index=index, line=self.line, replies=replies, sent=sent if known else None, loss=loss)


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: dict[int, _Hop] = field(default_factory=dict)
    command: Command | None = None
    first: int | None = None
    number: int = 0
    """Of the last probe."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text.strip()
        if words := prompted(text, "mtr"):
            self.finish()
            self.command = understood(words)
        elif event := _EVENT.fullmatch(text):
            self._event(event, line)
        elif text and not is_moment(text):
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the run being read, if there is one."""
        if any(hop.addresses for hop in self.hops.values()):
            self.runs.found(
                "mtr",
                _without_echoes(self.hops[at].as_evidence(at + 1) for at in sorted(self.hops)),
                destination=self.command.destination if self.command else None,
                probe=self.command.probe if self.command else None,
                line=self.first,
            )
            self.command = None
        self.hops, self.first, self.number = {}, None, 0

    def _event(self, event: re.Match[str], line: Line) -> None:
        if event["sent"] and self._begins_again(int(event["number"])):
            self.finish()
        at = next((int(event[name]) for name in ("sent", "at", "named", "heard", "under") if event[name]), None)
        if at is None:
            return
        if at >= MOST_HOPS:
            self.runs.problems.add(f"hop {at + 1} is none, and was left out", line)
            return
        self.first = self.first or line.number
        hop = self.hops.setdefault(at, _Hop(line.number))
        if event["sent"]:
            hop.sent, hop.waits, self.number = hop.sent + 1, True, int(event["number"])
        elif event["heard"]:
            hop.reply(int(event["microseconds"]))
        elif event["named"]:
            hop.name = escaped(event["name"])
        elif event["under"]:
            hop.label(event["label"])
        elif (address := address_in(event["address"])) is None or len(hop.addresses) >= MOST_REPLIES:
            self.runs.problems.not_understood(line)
        else:
            hop.addresses[address] = None

    def _begins_again(self, number: int) -> bool:
        return number <= self.number < NUMBERS_WRAP


def _without_echoes(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """*hops* without those at the end that only repeat what answered before them."""
    kept = list(hops)
    while len(kept) > 1 and kept[-1].replies and _addresses(kept[-1]) <= _addresses(kept[-2]):
        kept.pop()
    return tuple(kept)


def _addresses(hop: Hop) -> set[str | None]:
    return {reply.address for reply in hop.replies}
