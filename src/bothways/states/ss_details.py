"""What ss prints of a socket beyond its row: the timer (-o), memory (-m) and TCP_INFO (-i), from misc/ss.c.

ss leaves out what is nought, and what its kernel does not count. `segs_out` and `bytes_acked` came within two releases
(Linux 4.1 and 4.2) and every socket that opened has sent a segment: where `segs_out` is printed, what older kernels
count too is nought if it is missing.
"""

import re

from bothways.evidence.socket import Progress
from bothways.units import MILLISECOND, Duration

_TIMER = re.compile(r"\btimer:\((?P<name>[a-z]{1,12}),[^,()]{1,24},(?P<retries>\d{1,3})\)", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(
    r"(?<!\S)(?P<name>bytes_sent|bytes_acked|bytes_received|unacked|backoff|retrans|lastack|segs_out):"
    r"(?:\d{1,10}/)?(?P<value>\d{1,20})(?!\S)",
    re.ASCII,
)
_MEMORY = re.compile(r"\bskmem:\([^()]{0,200}?,d(?P<drops>\d{1,10})\)", re.ASCII)
_DETAILS = re.compile(r"(?<!\S)(?:rto:\d|cwnd:\d|mss:\d)", re.ASCII)


def retries_of(text: str) -> int | None:
    """How often the retransmission timer ran out; None where no such timer is printed."""
    match = _TIMER.search(_QUOTED.sub("", text))
    return int(match["retries"]) if match and match["name"] == "on" else None


def drops_of(text: str) -> int | None:
    """Packets that the socket dropped; None where its memory (-m) is not printed."""
    match = _MEMORY.search(_QUOTED.sub("", text))
    return int(match["drops"]) if match else None


def progress_of(text: str) -> Progress | None:
    """TCP_INFO as far as it is printed in *text*; None where it is not."""
    # A process may be called anything, and is printed between quotes.
    plain = _QUOTED.sub("", text)
    if not _DETAILS.search(plain):
        return None
    words = {match["name"]: int(match["value"]) for match in _WORD.finditer(plain)}
    nought = 0 if "segs_out" in words else None
    since = words.get("lastack")
    return Progress(
        # Counted since Linux 4.19 only, so that missing it means nothing.
        bytes_sent=words.get("bytes_sent"),
        bytes_acked=words.get("bytes_acked", nought),
        bytes_received=words.get("bytes_received", nought),
        unacked=words.get("unacked", nought),
        backoff=words.get("backoff", nought),
        retransmitted=words.get("retrans", nought),
        since_acknowledgement=None if since is None else Duration(since * MILLISECOND),
    )
