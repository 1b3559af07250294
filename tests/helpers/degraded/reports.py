"""Path reports as they are where routers keep silent."""

import json
import re
from dataclasses import replace

from tests.helpers.degraded.taken import Evidence

_SILENT = "???                             100.0     2    0.0   0.0   0.0   0.0   0.0"


def routers_silent(evidence: Evidence) -> Evidence:
    """No router answers probes: only the destination does."""
    return replace(evidence, others={name: _silenced(name, data) for name, data in evidence.others.items()})


def _silenced(name: str, data: bytes) -> bytes:
    if name.endswith("mtr.json"):
        report = json.loads(data)
        for hub in report["report"]["hubs"][:-1]:
            hub |= {"host": "???", "Loss%": 100.0}
        return json.dumps(report).encode()
    lines = data.decode(errors="replace").splitlines()
    if name.endswith("mtr.txt"):
        hops = [re.sub(r"^(\s*\d+\.\|--) .*$", rf"\1 {_SILENT}", line) for line in lines[:-1]]
        return ("\n".join([*hops, *lines[-1:]]) + "\n").encode()
    if name.endswith("traceroute.txt"):
        hops = [re.sub(r"^(\s*\d+)  \S+ \(.*$", r"\1  *", line) for line in lines[1:-1]]
        return ("\n".join([*lines[:1], *hops, *lines[-1:]]) + "\n").encode()
    return data
