"""tracepath's and tracepath6's report (tracepath(8), iputils' tracepath.c): the hops, and the path MTU on the way.

A line has the distance, the responder, its round trip, and what happened: nothing (the TTL ran out), `asymm` with the
hops that the reply seems to have come, `pmtu`, `reached`, or a mark. Who says `pmtu` stands before the distance at
which its line is counted, so it is no hop there. The report names no destination; a command line above it does.
"""

import re
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.path_report import Hop, HopReply, Mark, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.moment import is_moment, moment
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs
from bothways.units import MILLISECOND, Duration, Instant

MOST_REPLIES = 16
"""Responders of one distance that are kept; tracepath sends three probes there unless it learns something."""

PROGRAMS = ("tracepath", "tracepath6")

_HOP = re.compile(r"\s{0,5}(?P<index>\d{1,3})\??:\s+(?P<rest>\S.*)")
_ANSWER = re.compile(
    r"(?P<host>\S+)(?: +\(?(?P<address>[^\s()]+)\)?)?\s+(?:asymm +(?P<early>\d{1,3}) +)?(?P<time>\d{1,9}[.,]\d{1,3})ms"
    r"(?: \([^)]{10,80}\))?(?: +asymm +(?P<back>\d{1,3}))?(?: +(?P<says>pmtu \d{1,6}|![A-Z]|[^\W\d]{2,20}))?\s*",
    re.ASCII,
)
"""Between round trip and mark older ones remark that "This broken router returned corrupted payload"."""

_LOCAL = re.compile(r"\[LOCALHOST\].*")
_SILENT = re.compile(r"[^\d:]{1,60}")
"""`no reply` or `send failed`, in the language of the system."""

_UNSENT = "send failed"

_RESUME = re.compile(
    r"\s*[^\d:]{1,40}: pmtu \d{1,6}(?P<reached>(?: [^\W\d]{1,20} \d{1,3})(?: [^\W\d]{1,20} (?P<back>\d{1,3}))?)?\s*"
)
"""`Too many hops: pmtu 1500` and `Resume: pmtu 1500 hops 4 back 4`, in the language of the system: only where it got
there tracepath counts hops."""

_MARKS = {"!H": Mark.HOST, "!N": Mark.NETWORK, "!P": Mark.PROTOCOL, "!A": Mark.PROHIBITED}


def recognises(text: str) -> bool:
    """Whether *text* has a line that only tracepath prints."""
    return any(_RESUME.fullmatch(line) or _is_hop(line) for line in top(text, *PROGRAMS))


def _is_hop(text: str) -> bool:
    hop = _HOP.fullmatch(text)
    return hop is not None and bool(_LOCAL.match(hop["rest"]) or _ANSWER.fullmatch(hop["rest"]))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*: each begins with the line of the own host, or at a distance below the last."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), *PROGRAMS)


def _destination(words: list[str]) -> str | None:
    """The host of a call; the options `-l`, `-m` and `-p` have values."""
    hosts = [
        word
        for before, word in pairwise(words)
        if not word.startswith("-") and not re.fullmatch(r"-[46bn]*[lmp]", before)
    ]
    return hosts[0].partition("/")[0] if hosts else None


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    first: int | None = None
    started: Instant | None = None
    destination: str | None = None
    reached: bool | None = None

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text
        if words := prompted(text, *PROGRAMS):
            self.finish()
            self.destination = _destination(words)
        elif hop := _HOP.fullmatch(text):
            self._hop(int(hop["index"]), hop["rest"], line)
        elif resume := _RESUME.fullmatch(text):
            self._resume(resume)
        elif is_moment(text):
            self.finish()
            self.started = moment(text)
        elif text.strip():
            self.runs.problems.not_understood(line)

    def finish(self) -> None:
        """Close the report being read, if there is one."""
        if self.hops:
            self.runs.found(
                "tracepath",
                self.hops,
                destination=self.destination,
                probe="udp",
                line=self.first,
                started=self.started,
                reached=self.reached,
            )
            self.started, self.destination = None, None
        self.hops, self.first, self.reached = [], None, None

    def _hop(self, index: int, rest: str, line: Line) -> None:
        if _LOCAL.match(rest):
            self.finish()
            self.first = line.number
            return
        answer = _ANSWER.fullmatch(rest)
        if not 1 <= index <= MOST_HOPS or not (answer or _SILENT.fullmatch(rest.strip())):
            self.runs.problems.not_understood(line)
            return
        at = self._place(index)
        if at is None and self.hops and index < self.hops[-1].index:
            self.finish()
        self.first = self.first or line.number
        if at is None:
            sent = 0 if rest.strip() == _UNSENT else None
            self.hops.append(Hop(index=index, line=line.number, replies=(), sent=sent, loss=None))
        if answer:
            self._answer(answer, -1 if at is None else at)

    def _place(self, index: int) -> int | None:
        """Where that distance stands among those read: an answer may come when tracepath has long gone on.

        The first distance begins a report, where it comes again after others.
        """
        if index == 1 and len(self.hops) > 1:
            return None
        return next((at for at, hop in enumerate(self.hops) if hop.index == index), None)

    def _answer(self, answer: re.Match[str], at: int) -> None:
        hop, says = self.hops[at], answer["says"] or ""
        if says.startswith("pmtu"):
            self.hops[at] = replace(hop, mtu=int(says.split()[1]))
            return
        self.reached = True if says == "reached" else self.reached
        reply = _reply(answer, _MARKS.get(says))
        known = next((one for one in hop.replies if (one.name, one.address) == (reply.name, reply.address)), None)
        if known is None and len(hop.replies) < MOST_REPLIES:
            self.hops[at] = replace(hop, replies=(*hop.replies, reply))
        elif known is not None and len(known.round_trips) < MOST_REPLIES:
            both = replace(reply, round_trips=(*known.round_trips, *reply.round_trips))
            self.hops[at] = replace(hop, replies=tuple(both if one is known else one for one in hop.replies))

    def _resume(self, match: re.Match[str]) -> None:
        """The tool came to its end: what it did not reach by now it does not reach."""
        back = match["back"]
        self.reached = self.reached or bool(match["reached"])
        if self.hops and back and self.reached:
            hop = self.hops[-1]
            self.hops[-1] = replace(hop, replies=tuple(replace(one, back=int(back)) for one in hop.replies))
        self.finish()


def _reply(answer: re.Match[str], mark: Mark | None) -> HopReply:
    host, second = answer["host"], answer["address"]
    address = address_in(second or "") or address_in(host)
    # Newer ones print `???` for a host without a name.
    name = None if host == "???" or address_in(host) else escaped(host)
    back = answer["back"] or answer["early"]
    trip = Duration(round(float(answer["time"].replace(",", ".")) * MILLISECOND))
    return HopReply(
        name=name,
        address=address,
        marks=(mark,) if mark else (),
        round_trips=(trip,),
        back=int(back) if back else None,
    )
