"""The log of `bothways check`: what it tried, what its kernel said of the sockets, and what its probes brought.

The first line says what it is, and by which version it was written. Each other line is a JSON object whose `record`
says of what it is: `attempt`, `socket`, `trace`, or `shot`, which is one probe of the trace in line `trace`. The fields
are those of the structs in `evidence`; what a reader does not know it passes over.
"""

import re
from collections import defaultdict
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.attempt import Attempt, AttemptLog
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeLog, ProbeTrace, Shot
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, escaped, head, lines
from bothways.evidence.socket import Socket, SocketList
from bothways.states.check_paths import CheckedPath, path_of
from bothways.states.check_records import (
    UnreadableRecordError,
    attempt_of,
    number_of_trace,
    shot_of,
    socket_of,
    trace_of,
)

SCHEMA = 1
"""Written into the first line; a log of a later one may hold what this reader does not know."""

FIRST_KEY = "bothways-check"

LONGEST_RECORD = 1 << 20
"""Characters of a line: a record takes hundreds."""

MOST_LINES = 200_000
"""Lines that are read: a thorough check writes thousands."""

_FIRST = re.compile(rf'\{{\s*"{FIRST_KEY}"\s*:.*')


class CheckRecords(Struct, frozen=True, kw_only=True):
    """All that one log tells, each kind in the order of its lines."""

    attempts: AttemptLog
    sockets: SocketList
    """Each socket as it was last looked at."""

    probes: ProbeLog
    paths: tuple[CheckedPath, ...]


def recognises(text: str) -> bool:
    """Whether *text* begins with a check's first line."""
    first = head(text)[:1]
    return bool(first and _FIRST.fullmatch(first[0]))


def read(text: str, *, file: str) -> Reading[CheckRecords]:
    """All records in *text*. A line that cannot be read is a problem and spoils no other one."""
    records = _Records()
    for line in lines(text, longest=LONGEST_RECORD):
        if line.number > MOST_LINES:
            records.problems.add(f"more than {MOST_LINES} lines: the rest was left out", line)
            break
        if line.text.strip():
            records.take(line)
    traces = records.whole_traces()
    content = CheckRecords(
        attempts=AttemptLog(file=file, attempts=tuple(records.attempts)),
        sockets=SocketList(file=file, sockets=tuple(records.sockets.values())),
        probes=ProbeLog(file=file, traces=traces),
        paths=tuple(path for trace in traces if (path := path_of(trace, file=file)) is not None),
    )
    return Reading(content=content, problems=records.problems.all())


class _Records(Struct, kw_only=True):
    """What was read so far."""

    problems: ProblemList = field(default_factory=ProblemList)
    attempts: list[Attempt] = field(default_factory=list)
    sockets: dict[tuple[Endpoint | int, Endpoint | None], Socket] = field(default_factory=dict)
    traces: dict[int, ProbeTrace] = field(default_factory=dict)
    """By line."""

    shots: defaultdict[int, list[Shot]] = field(default_factory=lambda: defaultdict(list))
    """By the line of their trace."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        if line.cut:
            self.problems.add(f"longer than {LONGEST_RECORD} characters, and left out", line)
            return
        values = _object(line.text)
        if values is None:
            self.problems.add("this is no JSON object, and was left out", line)
            return
        record = values.get("record")
        if record is None and FIRST_KEY in values:
            self._first(values[FIRST_KEY], line)
            return
        try:
            self._take(record, values, line)
        except UnreadableRecordError as error:
            self.problems.add(f"this {escaped(str(record), 40)} was left out: {error}", line)

    def _first(self, schema: object, line: Line) -> None:
        if schema != SCHEMA:
            says = "this log was written by another version of bothways; what is understood of it was read"
            self.problems.add(says, line)

    def _take(self, record: object, values: dict[str, Any], line: Line) -> None:
        match record:
            case "attempt":
                self.attempts.append(attempt_of(values, line.number))
            case "socket":
                socket = socket_of(values, line.number)
                self.sockets[socket.local or socket.local_port, socket.peer] = socket
            case "trace":
                self.traces[line.number] = trace_of(values, line.number)
            case "shot":
                self._shot(values, line)
            case _:
                self.problems.add(f"a record of an unknown kind, {escaped(str(record), 40)}, was left out", line)

    def _shot(self, values: dict[str, Any], line: Line) -> None:
        trace = number_of_trace(values)
        if trace not in self.traces:
            message = "the trace that it is of does not stand before it, or could not be read"
            raise UnreadableRecordError(message)
        self.shots[trace].append(shot_of(values, line.number))

    def whole_traces(self) -> tuple[ProbeTrace, ...]:
        """The traces with their shots, each in the order in which they were sent."""
        return tuple(
            replace(trace, shots=tuple(sorted(self.shots[number], key=lambda shot: shot.at)))
            for number, trace in self.traces.items()
        )


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
