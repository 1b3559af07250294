"""What `bothways lab` keeps beside the evidence for its own use. None of it is judged, and each for its own reason.

`truth.json` says what was planted: a judge who reads it judges nothing. `connections.log` says how every client's work
ended, which nobody outside a lab has. `routers/*.json` holds the routing tables of all devices, which speak of no
connection.
"""

import json
import re

from msgspec import Struct

from bothways.evidence.reading import Reading

_TRUTH = {"scenario", "observed", "seed", "parameters", "mended", "kernel", "programs"}
_ROUTER = {"node", "routes", "routes6", "rules", "rules6", "addresses"}
_CONNECTION = {"began", "node", "to", "to_port", "does", "ended", "connected"}
_FIRST_LINE = re.compile(r'\{"began":".{1,2000}\}', re.ASCII)

LARGEST = 4 * 1024 * 1024
"""Characters that are looked at: a router's tables are a few thousand, and a stranger's JSON may be any size."""


class LabRecord(Struct, frozen=True, kw_only=True):
    """One such file; what it holds stays unread."""

    file: str


def recognises(text: str) -> bool:
    """Whether *text* is one of the lab's own records, by the keys that the lab gives it."""
    if _FIRST_LINE.fullmatch(first := text.partition("\n")[0]):
        return _keys(first) >= _CONNECTION
    if not text.startswith("{") or len(text) > LARGEST:
        return False
    return _keys(text) >= _TRUTH or _keys(text) == _ROUTER


def read(text: str, *, file: str) -> Reading[LabRecord]:  # noqa: ARG001 - a reader's form; nothing is read here
    """The file by its name."""
    return Reading(content=LabRecord(file=file))


def _keys(text: str) -> set[str]:
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    return set(decoded) if isinstance(decoded, dict) else set()
