"""What Windows' path tools say in words: in the language of the system, so they are read by what stands in them.

tracert and pathping have their sentences from the system's message tables; only figures, stars, names and addresses are
the same everywhere. The few stems below are those of network and host in the sentences for an unreachable destination.
"""

import re

from msgspec import Struct

from bothways.evidence.path_report import Mark
from bothways.evidence.report_lines import address_in

LONGEST_SENTENCE = 400
"""Characters of a line that may name a destination: a name of 255, an address and the words around them."""

_INSIDE = re.compile(r"\[([0-9A-Fa-f.:]{2,45}(?:%[\w.-]{1,15})?)\]", re.ASCII)
_BARE = re.compile(
    r"(?<![0-9A-Za-z.:-])(\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:%[\w.-]{1,15})?)"
    r"(?![0-9A-Za-z:-])",
    re.ASCII,
)
_NETWORK = re.compile(r"net|r[eé]seau|\bred\b|\brete\b|\brede\b|sie[cć]|сет|网|網|ネット", re.IGNORECASE)
_HOST = re.compile(r"host|h[oô]te|узел|узл|主机|主機|ホスト", re.IGNORECASE)


class Destination(Struct, frozen=True, kw_only=True):
    """Where a tool says that it probes."""

    name: str
    """Name or address, as printed."""

    address: str
    """Canonical."""


def destination_in(sentence: str) -> Destination | None:
    """The host that *sentence* names with its address, or by its address alone; None where there is none."""
    if len(sentence) > LONGEST_SENTENCE:
        return None
    inside = _INSIDE.search(sentence)
    before = sentence[: inside.start()].split() if inside else []
    if inside and before and (address := address_in(inside[1])):
        return Destination(name=before[-1], address=address)
    for bare in _BARE.findall(sentence):
        if address := address_in(bare):
            return Destination(name=bare, address=address)
    return None


def unreachable(sentence: str) -> Mark:
    """What a router reported in words, like "Destination net unreachable."."""
    if _NETWORK.search(sentence):
        return Mark.NETWORK
    return Mark.HOST if _HOST.search(sentence) else Mark.OTHER
