"""`mtr --xml`: an element `MTR` with an element `HUB` for each hop, its figures in elements named as mtr's columns.

Read line by line, as mtr prints it (xml_close in ui/report.c), and not by a parser of XML: until 0.86 attributes had no
quotes and the share of loss was called `Loss%`, which no such parser takes.
"""

import re
from html import unescape

from msgspec import Struct, field

from bothways.evidence.path_report import Hop, PathReport
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, address_in, escaped, prompted
from bothways.traces.moment import is_moment
from bothways.traces.mtr_columns import COLUMNS, from_numbers
from bothways.traces.mtr_command import understood
from bothways.traces.mtr_host import replies
from bothways.traces.pasted import top
from bothways.traces.runs import MOST_HOPS, Runs

_OPEN = re.compile(r"<MTR\s(?P<attributes>[^>]*)>")
_HUB = re.compile(r"<HUB\s(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r'([A-Z]{1,20})=(?:"([^"]*)"|(\S*))')
_FIGURE = re.compile(
    r"<(?P<column>[A-Z][a-z]{1,9}[A-Za-z]{0,3}%?)>\s*(?P<figure>\d{1,12}(?:[.,]\d{0,6})?)%?\s*</[^>]*>", re.ASCII
)
_FURNITURE = re.compile(r"<\?xml [^>]*\?>|<!--.*-->|</?(?:ASN|MPLS)\b.*")


def recognises(text: str) -> bool:
    """Whether one of the first lines of *text* opens mtr's outermost element."""
    return any(_OPEN.fullmatch(line.strip()) for line in top(text, "mtr"))


def read(text: str, *, file: str) -> Reading[tuple[PathReport, ...]]:
    """All reports in *text*."""
    runs = Runs(file=file)
    return runs.read(text, _Reader(runs=runs), "mtr")


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(quoted or bare) for name, quoted, bare in _ATTRIBUTE.findall(text)}


class _Reader(Struct, kw_only=True):
    runs: Runs
    hops: list[Hop] = field(default_factory=list)
    ends: dict[str, str] | None = None
    """The attributes of the element being read; None outside of one."""

    first: int | None = None
    probe: str | None = None
    hub: tuple[int, str, int] | None = None
    """Index, host and line of the hop being read."""

    numbers: dict[str, float] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Read one more line."""
        text = line.text.strip()
        if words := prompted(text, "mtr"):
            self.finish(line)
            self.probe = understood(words).probe
        elif opening := _OPEN.fullmatch(text):
            self.finish(line)
            self.ends, self.first = _attributes(opening["attributes"]), line.number
        elif text == "</MTR>" and self.ends is not None:
            self._close_hub()
            self._report()
        elif self.ends is not None and (hub := _HUB.fullmatch(text)):
            self._close_hub()
            self._open_hub(_attributes(hub["attributes"]), line)
        elif self.ends is not None and text == "</HUB>":
            self._close_hub()
        elif self.ends is not None and (figure := _FIGURE.fullmatch(text)):
            self._figure(figure)
        elif text and not _FURNITURE.fullmatch(text) and not is_moment(text):
            self.runs.problems.not_understood(line)

    def finish(self, line: Line | None = None) -> None:
        """Close the report being read, if there is one, which should have been closed before *line*."""
        if self.ends is None:
            return
        self.runs.problems.add("the report breaks off before its end", line or self.first)
        self._close_hub()
        self._report()

    def _report(self) -> None:
        ends = self.ends or {}
        source, destination = ends.get("SRC"), ends.get("DST")
        self.runs.add(
            PathReport(
                file=self.runs.file,
                tool="mtr",
                probe=self.probe,
                source=escaped(source) if source else None,
                destination=escaped(destination) if destination else None,
                destination_address=address_in(destination or ""),
                hops=tuple(self.hops),
                line=self.first,
            )
        )
        self.ends, self.hops, self.first, self.probe = None, [], None, None

    def _open_hub(self, attributes: dict[str, str], line: Line) -> None:
        count = attributes.get("COUNT", "")
        index = int(count) if re.fullmatch(r"\d{1,3}", count, re.ASCII) else 0
        if not (self.hops[-1].index if self.hops else 0) < index <= MOST_HOPS or not attributes.get("HOST"):
            self.runs.problems.add("a hub without a host, or with a count out of order, was left out", line)
            return
        self.hub = (index, attributes["HOST"], line.number)

    def _figure(self, match: re.Match[str]) -> None:
        column = "Loss%" if match["column"] == "Loss" else match["column"]
        if self.hub and column in COLUMNS:
            self.numbers[column] = float(match["figure"].replace(",", "."))

    def _close_hub(self) -> None:
        if self.hub:
            index, host, line = self.hub
            found = from_numbers(self.numbers)
            said = replies(host, found.round_trips)
            self.hops.append(Hop(index=index, line=line, replies=said, sent=found.sent, loss=found.loss))
        self.hub, self.numbers = None, {}
