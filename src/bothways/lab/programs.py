"""The programs without which a scenario cannot be run."""

import shutil
from collections.abc import Iterable

from bothways.errors import CallError
from bothways.lab.model.scenario import PathReport, Scenario, Tool

_MTR = ("mtr", "mtr-packet")
_TRACEROUTE = ("traceroute",)
_TOOLS: dict[Tool, tuple[str, ...]] = {
    "mtr": _MTR,
    "mtr-both": _MTR,
    "mtr-numeric": _MTR,
    "mtr-json": _MTR,
    "tcp-traceroute": _TRACEROUTE,
    "icmp-traceroute": _TRACEROUTE,
    "udp-traceroute": _TRACEROUTE,
    "tracepath": ("tracepath",),
}


def needed(scenario: Scenario, *, watched: bool) -> set[str]:
    """Return the names of all programs that take part; *watched* if the run keeps evidence, and does not only stand."""
    names = {"nft"} if any(node.filter for node in scenario.network.nodes) else set()
    if any(service.speaks == "tls" for service in scenario.services):
        names.add("openssl")
    if watched:
        names |= {"ip", *(tool for path in scenario.paths for tool in _TOOLS[path.tool])}
        names |= {"tcpdump"} if scenario.captures else set()
        names |= {"conntrack", "nft"} if scenario.state else set()
        names |= {"ss", "nstat"} if scenario.counters else set()
        names |= {"curl"} if any(visit.does in {"get", "upload"} for visit in scenario.visits) else set()
    return names


def insist_on_tools(reports: Iterable[PathReport]) -> None:
    """Make sure that the path tools of *reports*, and nft, are installed.

    Raises:
        CallError: some are not; says which.
    """
    _insist({"nft", *(program for report in reports for program in _TOOLS[report.tool])})


def insist(scenario: Scenario, *, watched: bool) -> None:
    """Make sure that they are all installed.

    Raises:
        CallError: some are not; says which.
    """
    _insist(needed(scenario, watched=watched))


def _insist(names: Iterable[str]) -> None:
    missing = sorted(name for name in names if shutil.which(name) is None)
    if missing:
        message = f"not installed: {', '.join(missing)}; packages.txt names the packages that a lab needs"
        raise CallError(message)
