"""What one line of Zeek's conn.log says of a connection (base/protocols/conn/main.zeek, record `Conn::Info`).

`history` holds capitals for the originator and small letters for the responder: S SYN, H SYN+ACK, A bare ACK, D data,
F FIN, R RST, T repeated data, W zero window; C a wrong checksum, for which Zeek discards the packet; G a gap; I and Q
flags that do not go together; X an analysis that was given up; ^ a connection that Zeek turned round. A, D, I and Q
stand once at most, S, H, F and R again only where the sequence number is another one, C, G, T and W again at each power
of ten: letters tell of kinds, and numbers only in `orig_pkts` and `resp_pkts`.

Zeek gives an attempt up after five seconds (`tcp_attempt_delay`) and begins another line with the next repeated SYN. So
lines of unanswered SYNs between the same ports, as far apart as a client's retries are, are one connection.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.flow import Ending, Flow
from bothways.evidence.report_lines import address_in, escaped
from bothways.units import NANOSECONDS_PER_SECOND, SECOND, Duration, Instant, between

NEEDED = ("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto")

ENDINGS = {
    "S0": Ending.ATTEMPT,
    "S1": Ending.OPEN,
    "SF": Ending.CLOSED,
    "REJ": Ending.REJECTED,
    "S2": Ending.HALF_CLOSED,
    "S3": Ending.HALF_CLOSED,
    "RSTO": Ending.RESET_BY_CLIENT,
    "RSTR": Ending.RESET_BY_SERVER,
    "RSTOS0": Ending.PARTIAL,
    "RSTRH": Ending.PARTIAL,
    "SH": Ending.PARTIAL,
    "SHR": Ending.PARTIAL,
    "OTH": Ending.PARTIAL,
}

_LETTERS = re.compile(r"[A-Za-z^]{1,64}", re.ASCII)
_KNOWN = frozenset("SHADFRTshadfrt")
_FLAWS = frozenset("CGIQXcgiqx")
_SECONDS = re.compile(r"\d{1,11}(?:\.\d{0,9})?(?:[eE]-?\d{1,2})?", re.ASCII)
_COUNT = re.compile(r"\d{1,18}", re.ASCII)

_LONGEST_PAUSE = Duration(130 * SECOND)
"""Between two SYNs of one attempt: Linux waits 64 s before the last but one (net.ipv4.tcp_syn_retries), BSD 75 s."""

_UNEVEN = Duration(SECOND)
"""How much later than twice the time so far the next SYN may come: each wait is twice the one before (RFC 6298 section
5.5), and timers are late."""


class UnreadableLineError(ValueError):
    """A line that says no connection; the message is a sentence for people."""


class Connections:
    """The connections of a log, put together from its lines."""

    FIELDS = frozenset(
        {
            *NEEDED,
            "duration",
            "orig_bytes",
            "resp_bytes",
            "conn_state",
            "missed_bytes",
            "history",
            "orig_pkts",
            "resp_pkts",
        }
    )

    def __init__(self) -> None:
        self.flows: list[Flow] = []
        self.other = 0
        self._attempts: dict[tuple[Endpoint, Endpoint], int] = {}
        """Place in `flows` of the last one between two ends, as long as nothing answered it."""

    def add(self, values: Mapping[str, str], line: int) -> None:
        """Add what one line says. Raises UnreadableLineError."""
        protocol = values.get("proto")
        if protocol is None:
            message = "it names no protocol"
            raise UnreadableLineError(message)
        if protocol != "tcp":
            self.other += 1
            return
        flow = _flow(values, line)
        ends = (flow.client, flow.server)
        place = self._attempts.pop(ends, None)
        if place is not None and _continues(self.flows[place], flow):
            self.flows[place] = _joined(self.flows[place], flow)
        else:
            place = len(self.flows)
            self.flows.append(flow)
        if flow.ending is Ending.ATTEMPT:
            self._attempts[ends] = place


def _flow(values: Mapping[str, str], line: int) -> Flow:
    first = _time(values["ts"]) if "ts" in values else None
    if first is None:
        message = "its time is none that can be understood"
        raise UnreadableLineError(message)
    spent = _seconds(values.get("duration", ""))
    written = values.get("history", "")
    letters = written if _LETTERS.fullmatch(written) else ""
    history = "".join(letter for letter in letters if letter in _KNOWN)
    state = values.get("conn_state")
    return Flow(
        line=line,
        client=_end(values, "orig"),
        server=_end(values, "resp"),
        first=first,
        last=Instant(first + spent) if spent is not None else None,
        ending=ENDINGS.get(state, Ending.UNSAID) if state else Ending.UNSAID,
        history=history,
        packets=(_count(values, "orig_pkts"), _count(values, "resp_pkts")),
        payload=(_count(values, "orig_bytes"), _count(values, "resp_bytes")),
        complete=_is_complete(letters, history, _count(values, "missed_bytes")),
    )


def _is_complete(letters: str, history: str, missed: int | None) -> bool:
    """No packet was missed or discarded, and there are two ways, or only a SYN that asks for a second one."""
    if missed or _FLAWS.intersection(letters):
        return False
    both = any(letter.isupper() for letter in history) and any(letter.islower() for letter in history)
    return not history or both or set(history) == {"S"}


def _continues(attempt: Flow, flow: Flow) -> bool:
    """Whether *flow* begins with a further SYN of *attempt*."""
    if flow.history and not flow.history.startswith("S"):
        return False
    end = attempt.first if attempt.last is None else attempt.last
    pause, so_far = between(end, flow.first), between(attempt.first, end)
    return 0 <= pause <= min(_LONGEST_PAUSE, 2 * so_far + _UNEVEN)


def _joined(attempt: Flow, flow: Flow) -> Flow:
    """Both lines as one connection, which ended as the second one did."""
    return replace(
        flow,
        line=attempt.line,
        first=attempt.first,
        last=flow.first if flow.last is None else flow.last,
        history=f"{attempt.history[:1]}{flow.history}",
        packets=(_sum(attempt.packets[0], flow.packets[0]), flow.packets[1]),
        complete=attempt.complete and flow.complete,
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _end(values: Mapping[str, str], which: str) -> Endpoint:
    address, port = values.get(f"id.{which}_h", ""), values.get(f"id.{which}_p", "")
    known = address_in(address)
    if known is None or not _COUNT.fullmatch(port) or int(port) > 0xFFFF:
        message = f"{escaped(address, 60) or 'nothing'} port {escaped(port, 20) or 'nothing'} is no end of a connection"
        raise UnreadableLineError(message)
    return Endpoint(known, int(port))


def _time(text: str) -> Instant | None:
    """Seconds since 1970, or a date of ISO 8601 that says its zone."""
    spent = _seconds(text)
    if spent is not None:
        return Instant(spent)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None or when.year <= 1:
        return None
    return Instant(int(when.timestamp()) * NANOSECONDS_PER_SECOND + when.microsecond * 1000)


def _seconds(text: str) -> Duration | None:
    """A number of seconds, to the microsecond that Zeek writes."""
    if not _SECONDS.fullmatch(text):
        return None
    number = float(text)
    return Duration(round(number * 1_000_000) * 1000) if number < 1e11 else None


def _count(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name, "")
    return int(text) if _COUNT.fullmatch(text) else None
