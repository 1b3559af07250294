"""The line above a traceroute's hops, and what else its programs say beside them.

Linux, BSD, macOS, busybox, inetutils, Junos and FortiOS begin with `traceroute to`, scamper with `traceroute from`,
tcptraceroute with `Tracing the path to`, Cisco with `Tracing the route to`; Huawei and H3C count hops in other words.
Warnings and the sentences around Cisco's report say nothing of a hop.
"""

import re

from msgspec import Struct

from bothways.evidence.report_lines import address_in, escaped

_UNIX = re.compile(
    r"\s*(?:(?:paris-)?traceroute6? to|mda to|trace to|(?P<tcp>Tracing the path to))\s+(?P<name>\S+)"
    r"(?:\s+\((?P<address>[^\s()]*)\))?(?:\s+from\s+(?P<source>[^\s,]+))?"
    r"(?: on TCP port (?P<port>\d{1,5})[^,]*)?,\s+\d+ hops max(?:,.*| \(.*)?"
)
_HUAWEI = re.compile(
    r"\s*traceroute6? to\s+(?P<name>[^\s(]+)\s*\((?P<address>[^\s()]*)\)"
    r"(?:,\s*max hops:\s*\d+\s*,|\s*,?\s*\d+ hops at most).{0,120}"
)
_SCAMPER = re.compile(
    r"\s*traceroute(?: from (?P<source>[\da-fA-F.:]+))? to (?P<name>[\da-fA-F]*[.:][\da-fA-F.:]+)(?: via \S+)?\s*"
)
"""scamper's text output (scamper_trace_text.c) has addresses alone."""

_CISCO = re.compile(r"\s*Tracing the route to\s+(?P<name>\S+)(?:\s+\((?P<address>[^\s()]*)\))?\s*")
_SELECTED = re.compile(r"\s*Selected device [^,]{1,40}, address (?P<address>[^\s,]{2,64}), port .*")
_REMARK = re.compile(
    r"traceroute6?(?:\.db)?: .*|(?:\d+ )?(?:bytes? )?packets|Type (?:escape sequence|ctrl-c) to abort\.?"
    r"|VRF info: \(.*\)|Limit on .*"
)
_UNREACHED = re.compile(r"\s*Destination not reached\s*")


class Head(Struct, frozen=True, kw_only=True):
    """What the line says."""

    destination: str
    """Name or address, as printed (escaped text)."""

    destination_address: str | None
    source: str | None
    probe: str | None
    port: int | None
    cisco: bool


def head_in(text: str) -> Head | None:
    """What *text* says, if it is such a line."""
    unix, cisco = _UNIX.fullmatch(text), _CISCO.fullmatch(text)
    found = unix or cisco or _HUAWEI.fullmatch(text) or _SCAMPER.fullmatch(text)
    if found is None:
        return None
    said = found.groupdict()
    port, source = said.get("port"), said.get("source")
    return Head(
        destination=escaped(found["name"]),
        destination_address=address_in(said.get("address") or found["name"]),
        source=escaped(source) if source else None,
        probe="tcp-syn" if unix and unix["tcp"] else None,
        port=int(port) if port and 0 < int(port) <= 65_535 else None,
        cisco=cisco is not None,
    )


def own_address_in(text: str) -> str | None:
    """The address that tcptraceroute says it sends from, if *text* says that."""
    found = _SELECTED.fullmatch(text)
    return address_in(found["address"]) if found else None


def gave_up(text: str) -> bool:
    """Whether *text* says that the destination was not reached."""
    return _UNREACHED.fullmatch(text) is not None


def is_remark(text: str) -> bool:
    """Whether *text* is something that these programs say beside the hops."""
    return _REMARK.fullmatch(text.strip()) is not None or _SELECTED.fullmatch(text) is not None
