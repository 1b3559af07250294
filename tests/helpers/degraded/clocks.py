"""Clocks that are wrong: apart, drifting, stepped, never set."""

import re
from collections.abc import Callable
from dataclasses import replace

from tests.helpers.degraded.taken import Evidence, Taken

_STAMP = re.compile(rb"^\[(\d+)\.(\d{6})\]", re.MULTILINE)
"""What `conntrack -E -o timestamp` begins a line with."""


def _shifted(taken: Taken, change: Callable[[int], int]) -> Taken:
    # Microseconds, so that the file holds what was meant.
    return taken.with_each(lambda record: replace(record, at=change(record.at) // 1000 * 1000))


def apart(evidence: Evidence, vantage: str, seconds: float) -> Evidence:
    """One machine's clock is ahead of the others, in its captures and in its logs."""
    ahead = round(seconds * 10**9)
    shifted = evidence.each(lambda taken: _shifted(taken, lambda at: at + ahead), only=[vantage])
    others = {
        name: _STAMP.sub(lambda found: _stamp(found, ahead // 1000), data) if name.startswith(vantage) else data
        for name, data in evidence.others.items()
    }
    return replace(shifted, others=others)


def _stamp(found: re.Match[bytes], ahead: int) -> bytes:
    seconds, micros = divmod(int(found[1]) * 10**6 + int(found[2]) + ahead, 10**6)
    return f"[{seconds}.{micros:06}]".encode()


def drifting(evidence: Evidence, vantage: str, millionths: float) -> Evidence:
    """One machine's clock runs fast."""

    def drift(taken: Taken) -> Taken:
        start = taken.records[0].at if taken.records else 0
        return _shifted(taken, lambda at: at + round((at - start) * millionths / 10**6))

    return evidence.each(drift, only=[vantage])


def stepped(evidence: Evidence, seconds: float, *vantages: str) -> Evidence:
    """Somebody set the clock in the middle of the capture."""
    step = round(seconds * 10**9)

    def set_clock(taken: Taken) -> Taken:
        times = [record.at for record in taken.records] or [0]
        middle = (min(times) + max(times)) // 2
        return _shifted(taken, lambda at: at + step if at > middle else at)

    return evidence.each(set_clock, only=vantages)


def never_set(evidence: Evidence) -> Evidence:
    """Each capture's first packet has the time 0, as from a device that never heard what time it is."""

    def from_nought(taken: Taken) -> Taken:
        start = min((record.at for record in taken.records), default=0)
        return _shifted(taken, lambda at: at - start)

    return evidence.each(from_nought)
