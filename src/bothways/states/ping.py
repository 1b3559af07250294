"""ping's report: sizes that come back and sizes that do not, with what routers and the own host say of it.

Of iputils (ping/ping.c, ping_common.c), busybox, the BSDs and macOS (ping.c, ping6.c), and Windows in English. A run
begins with its head line, which names destination and size, and counts with its summary; one that was cut off before
that has no count of what was sent, and is left out. Whether requests forbid fragments stands in no report: the command
line above one tells, and an error that says that a request was too large.
"""

import re

from msgspec import Struct, field

from bothways.evidence.echo import EchoLog, EchoRun, TooLarge
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, escaped, head, lines, prompted

PROGRAMS = ("ping", "ping4", "ping6", "ping.exe")

MOST_RUNS = 1000
"""Runs that are kept: a search for the size that fits takes a dozen."""

MOST_ERRORS = 8
"""Lines of a run that say "too large" and are kept: all say the same."""

LARGEST_PAYLOAD = 65_535
"""No IP packet holds more (RFC 791 section 3.1, RFC 8200 section 3)."""

_UNIX = re.compile(
    r"PING6?[ (](?P<host>[^\s()]{1,255}?)(?: ?\((?P<address>[^\s()]{1,64})\))?:?"
    r"(?: from [^:]{1,99}(?::[^ ]{0,64})?:?)? (?P<size>\d{1,5})(?:\(\d{1,5}\))? (?:data bytes|bytes of data\.?)"
)
_BSD_SIX = re.compile(
    r"PING6\(\d{1,5}=40\+8\+(?P<size>\d{1,5}) bytes\) (?P<from>[^\s]{1,64}) --> (?P<host>[^\s]{1,255})"
)
_WINDOWS = re.compile(
    r"Pinging (?P<host>[^\s\[]{1,255})(?: \[(?P<address>[^\]\s]{1,64})\])?(?: from \S{1,64})?"
    r" with (?P<size>\d{1,5}) bytes of data:"
)
_DOS = re.compile(r"^[A-Z]:\\[^>]{0,200}>(?=ping)")
"""A prompt of Windows leaves no room before the command."""

_HEADS = (_BSD_SIX, _UNIX, _WINDOWS)
_SUMMARY = re.compile(
    r"(?P<sent>\d{1,7}) packets transmitted, (?P<received>\d{1,7})(?: packets)? received\b.{0,99}?\d%? packet loss.*"
    r"|Packets: Sent = (?P<sent_w>\d{1,7}), Received = (?P<received_w>\d{1,7}), Lost = \d{1,7} \(.*"
)
_TOO_LARGE = re.compile(
    r".*?(?:[Ff]rag(?:mentation)? needed and DF set|Packet too big|[Mm]essage too long"
    r"|needs to be fragmented but DF set|packet too big).*"
)
_MTU = re.compile(r"(?i:mtu)(?: ?[=:] ?| )(?P<mtu>\d{1,5})\b")
_SENDER = re.compile(r"(?:\[[\d.]{1,20}\] )?(?:From|Reply from|\d{1,5} bytes from) (?P<words>[^,]{1,330})")
_ERROR = re.compile(
    r".*(?:[Uu]nreachable|[Tt]ime to live exceeded|Time exceeded|TTL expired in transit|[Pp]acket filtered"
    r"|administratively|General failure).*"
)
_FURNITURE = re.compile(
    r"(?:\[[\d.]{1,20}\] )?(?:\d{1,5} bytes from \S.*|Reply from \S.*|Request timed out.*"
    r"|no answer yet for icmp_seq=\d+|Request timeout for icmp_seq \d+)"
    r"|---.*ping6? statistics ---|Ping statistics for .*|(?:rtt|round-trip) .*|Approximate round trip times.*"
    r"|Minimum = .*|Vr HL TOS.*|\d\s+\d\s+[0-9a-f]{2} [0-9a-f]{4}.*|\^C.*|pipe \d+"
)


def recognises(text: str) -> bool:
    """Whether *text* has the head line of a run."""
    return any(_begins(_bare(line)) for line in head(text))


def read(text: str, *, file: str) -> Reading[EchoLog]:
    """All whole runs in *text*."""
    reader = _Reader()
    for line in lines(text):
        if line.cut:
            reader.problems.too_long(line)
        reader.take(line)
    reader.finish()
    if not reader.runs:
        reader.problems.add("no run of ping came to its summary", None)
    return Reading(content=EchoLog(file=file, runs=tuple(reader.runs)), problems=reader.problems.all())


def _bare(text: str) -> str:
    """A line without the marks of a mail that quotes it (RFC 3676 section 4.5), and without its margin."""
    return text.lstrip("> \t").rstrip()


def _begins(text: str) -> re.Match[str] | None:
    """The head line of a run."""
    return next((match for one in _HEADS if (match := one.match(text))), None)


class _Reader(Struct):
    runs: list[EchoRun] = field(default_factory=list)
    problems: ProblemList = field(default_factory=ProblemList)
    head: re.Match[str] | None = None
    line: int = 0
    call: str = ""
    """The options of the call that stands above the run, where one does."""
    too_large: list[TooLarge] = field(default_factory=list)
    errors: int = 0
    replies: int = 0
    """Errors that Windows calls replies."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = _bare(line.text)
        if words := prompted(_DOS.sub("> ", text), *PROGRAMS):
            self.finish()
            self.call = " ".join(words[1:])
        elif begun := _begins(text):
            call = self.call if self.head is None else ""
            self.finish()
            self.head, self.line, self.call = begun, line.number, call
        elif summary := _SUMMARY.fullmatch(text):
            self._summary(summary, line)
        elif _TOO_LARGE.fullmatch(text):
            self.replies += text.startswith("Reply")
            self._too_large(text, line)
        elif _ERROR.fullmatch(text):
            self.replies += text.startswith("Reply")
            self.errors += 1
        elif text and not _FURNITURE.fullmatch(text):
            self.problems.not_understood(line)

    def finish(self) -> None:
        """Close the run being read: without its summary it is not counted."""
        if self.head is not None:
            self.problems.add("this run of ping has no summary and is left out", self.line)
        self.head, self.call, self.too_large, self.errors, self.replies = None, "", [], 0, 0

    def _too_large(self, text: str, line: Line) -> None:
        if len(self.too_large) < MOST_ERRORS:
            told = _MTU.search(text)
            mtu = int(told["mtu"]) if told else None
            self.too_large.append(TooLarge(sender=_sender(text), mtu=mtu, line=line.number))

    def _summary(self, summary: re.Match[str], line: Line) -> None:
        begun, self.head = self.head, None
        sent = int(summary["sent"] or summary["sent_w"])
        received = int(summary["received"] or summary["received_w"])
        size = int(begun["size"]) if begun else 0
        if begun is None or size > LARGEST_PAYLOAD or received > sent or len(self.runs) >= MOST_RUNS:
            self.problems.not_understood(line)
        else:
            self.runs.append(self._run(begun, size, sent, received))
        self.finish()

    def _run(self, begun: re.Match[str], size: int, sent: int, received: int) -> EchoRun:
        address = address_in(begun.groupdict().get("address") or "") or address_in(begun["host"])
        is_six = ":" in (address or "")
        return EchoRun(
            destination=escaped(begun["host"]),
            address=address,
            payload=size,
            unfragmented=True if is_six or self.too_large else _forbids_fragments(self.call, begun),
            sent=sent,
            # Windows counts what routers reply among what it received; the other programs do not.
            received=max(0, received - self.replies) if begun.re is _WINDOWS else received,
            other_errors=self.errors,
            too_large=tuple(self.too_large),
            line=self.line,
        )


def _forbids_fragments(call: str, begun: re.Match[str]) -> bool | None:
    """What a call says of fragments: `-M do` or `probe` of iputils, `-f` of Windows, `-D` of the BSDs.

    Only of these: iputils prints times for `-D`, and floods for `-f`.
    """
    if begun.re is _WINDOWS:
        return re.search(r"(?:^| )[-/]f\b", call) is not None if call else None
    if begun[0].endswith(("bytes of data.", "bytes of data")):
        told = re.search(r"(?:^| )-M ?(do|probe|dont)\b", call)
        return told[1] != "dont" if told else None
    return True if re.search(r"(?:^| )-D\b", call) else None


def _sender(text: str) -> str | None:
    """The address of who says that a packet is too large: `From gw (192.0.2.1) icmp_seq=1 Frag needed`."""
    match = _SENDER.match(text)
    words = match["words"].split()[:2] if match else []
    return next((found for word in words if (found := address_in(word.strip("():")))), None)
