"""The programs without which a scenario cannot be run."""

import shutil

from bothways.errors import CallError
from bothways.lab.model.scenario import Scenario

_MTR = ("mtr", "mtr-packet")
_TOOLS = {"mtr": _MTR, "mtr-json": _MTR, "tcp-traceroute": ("traceroute",)}


def insist(scenario: Scenario, *, watched: bool) -> None:
    """Make sure that they are all installed; *watched* if the run keeps evidence, and does not only stand.

    Raises:
        CallError: some are not; says which.
    """
    needed = {"nft"} if any(node.filter for node in scenario.network.nodes) else set()
    if any(service.speaks == "tls" for service in scenario.services):
        needed.add("openssl")
    if watched:
        needed |= {"ip", *(tool for path in scenario.paths for tool in _TOOLS[path.tool])}
        needed |= {"tcpdump"} if scenario.captures else set()
        needed |= {"conntrack", "nft"} if scenario.state else set()
        needed |= {"ss", "nstat"} if scenario.counters else set()
        needed |= {"curl"} if any(visit.does in {"get", "upload"} for visit in scenario.visits) else set()
    missing = sorted(name for name in needed if shutil.which(name) is None)
    if missing:
        message = f"not installed: {', '.join(missing)}; packages.txt names the packages that a lab needs"
        raise CallError(message)
