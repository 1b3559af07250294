"""`mtr --json`: one object `report` with `mtr` (the call) and `hubs` (the hops), as mtr 0.87 and later print it.

Numbers came as strings until jansson wrote them (0.93), so both are taken. A file may hold several reports and prompts.
"""

import re
from collections.abc import Iterator

import msgspec

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import ProblemList, address_in, escaped, prompted
from bothways.traces.json_objects import Braces
from bothways.traces.moment import is_moment
from bothways.traces.mtr_columns import COLUMNS, from_numbers
from bothways.traces.mtr_command import Command, understood
from bothways.traces.mtr_host import replies
from bothways.traces.pasted import pasted, top
from bothways.traces.runs import MOST_HOPS, Runs

_OPENING = re.compile(r'^[ \t]*\{\s*"report"\s*:\s*\{\s*"(?:mtr|hubs)"\s*:', re.MULTILINE)


class _Call(msgspec.Struct):
    src: str | None = None
    dst: str | None = None


class _Report(msgspec.Struct):
    hubs: list[msgspec.Raw]
    mtr: _Call = msgspec.field(default_factory=_Call)


class _Document(msgspec.Struct):
    report: _Report


Scalar = str | int | float | bool | None


def recognises(text: str) -> bool:
    """Whether one of the first lines of *text* opens an object whose first words are mtr's."""
    return _OPENING.search("\n".join(top(text, "mtr"))) is not None


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    runs = Runs(file=file)
    for line, command, document in _documents(text, runs.problems):
        try:
            report = msgspec.json.decode(document.encode("utf-8", "replace"), type=_Document).report
        except (msgspec.DecodeError, RecursionError) as error:
            runs.problems.add(f"this is no report of mtr: {escaped(str(error))}", line)
        else:
            runs.add(_path(report, command, runs, line))
    return runs.reading("mtr")


def _documents(text: str, problems: ProblemList) -> Iterator[tuple[int, Command | None, str]]:
    """Each outermost object: the line where it starts, the mtr call above it, and its text."""
    braces, command = Braces(), None
    for line in pasted(text, "mtr"):
        if line.cut:
            problems.too_long(line)
        if not braces.depth and (words := prompted(line.text, "mtr")):
            command = understood(words)
            continue
        for document in braces.take(line):
            yield braces.first, command, document
            command = None
        if braces.outside.strip() and not is_moment(braces.outside):
            problems.not_understood(line)
    if braces.depth:
        problems.add("the report breaks off before its last brace", braces.first)


def _path(report: _Report, command: Command | None, runs: Runs, line: int) -> PathReport:
    hops: list[Hop] = []
    for raw in report.hubs:
        hop = _hop(raw)
        if hop is None or hop.index <= (hops[-1].index if hops else 0):
            runs.problems.add("a hub without a host, or with a count out of order, was left out", line)
        else:
            hops.append(hop)
    destination = report.mtr.dst
    return PathReport(
        file=runs.file,
        tool="mtr",
        probe=command.probe if command else None,
        source=escaped(report.mtr.src) if report.mtr.src else None,
        destination=escaped(destination) if destination else None,
        destination_address=address_in(destination or ""),
        hops=tuple(hops),
        line=line,
    )


def _hop(raw: msgspec.Raw) -> Hop | None:
    try:
        hub = msgspec.json.decode(raw, type=dict[str, Scalar])
    except (msgspec.DecodeError, RecursionError):
        return None
    host, count = hub.get("host"), str(hub.get("count"))
    if not isinstance(host, str) or not host.strip() or not re.fullmatch(r"[1-9]\d{0,2}", count, re.ASCII):
        return None
    if int(count) > MOST_HOPS:
        return None
    found = from_numbers({name: number for name in COLUMNS if (number := _number(hub.get(name))) is not None})
    network = hub.get("ASN")
    # Where mtr prints a host it stands behind its network.
    said = replies(f"{network} {host.strip()}" if isinstance(network, str) else host.strip(), found.round_trips)
    return Hop(index=int(count), line=None, replies=said, sent=found.sent, loss=found.loss)


def _number(value: Scalar) -> float | None:
    """A figure, written as number or as string."""
    if isinstance(value, str):
        value = (
            float(value.strip().removesuffix("%"))
            if re.fullmatch(r"\s*\d{1,12}(?:\.\d{0,6})?%?\s*", value, re.ASCII)
            else None
        )
    if isinstance(value, bool) or value is None or not 0 <= value < 1e12:
        return None
    return float(value)
