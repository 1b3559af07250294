"""What was tried and how it went, in a line for each sort of connection: what a person looks for first."""

from collections.abc import Sequence

from bothways.check.trial import TLS, Purpose, Trial, Tried
from bothways.evidence.attempt import Outcome
from bothways.report.text import clean, counted
from bothways.units import Duration, plain

_ENDS = {
    Outcome.NO_CONNECTION: "no answer to the SYN",
    Outcome.REFUSED: "refused: a reset answered the SYN",
    Outcome.UNREACHABLE: "unreachable: an ICMP error answered the SYN",
    Outcome.STALLED: "then no answer, or no end of it",
    Outcome.RESET: "then reset",
    Outcome.CLOSED: "then closed without an answer",
    Outcome.ANSWERED: "answered",
    Outcome.UNKNOWN: "broken off before it could be told",
}


def tried_lines(tries: Sequence[Tried]) -> tuple[str, ...]:
    """One line for each sort of connection that ended alike, in the order in which they were begun.

    `www.example.net at 192.0.2.1:443, 6 connections: connected after 27 ms; then no answer, or no end of it (8.0 s)`.
    """
    groups: dict[tuple[str, Outcome, bool], list[Tried]] = {}
    for one in tries:
        key = (_what(one.trial), one.attempt.outcome, one.connected is not None)
        groups.setdefault(key, []).append(one)
    return tuple(
        clean(f"{what}, {counted(len(group), 'connection')}: {_went(group)}") for (what, *_), group in groups.items()
    )


_BESIDE = {
    Purpose.OTHER_NAME: "under another name",
    Purpose.NO_NAME: "under no name",
    Purpose.SMALL_SEGMENTS: "with small segments",
    Purpose.OTHER_PORT: "to compare",
    Purpose.ELSEWHERE: "to compare",
    Purpose.SAME_SOURCE_PORT: "from the same ports again",
}
"""What was different; nothing is where only the source port was."""


def _what(trial: Trial) -> str:
    asked = f"{trial.name} at {trial.server}" if trial.name else str(trial.server)
    large = "with a large request" if trial.padding else ""
    return " ".join(filter(None, (asked, large, _BESIDE.get(trial.purpose, ""))))


def _went(group: Sequence[Tried]) -> str:
    """The stages that were reached, with their times, and how it ended."""
    first = group[0]
    reached = [("connected", [one.connected for one in group])]
    if first.trial.ask in TLS:
        reached.append(("TLS", [one.secured for one in group]))
    reached.append(("first byte", [one.answered for one in group]))
    stages = [
        f"{stage} after {_span(known)}"
        for stage, times in reached
        if (known := [one for one in times if one is not None])
    ]
    end = _ENDS[first.attempt.outcome]
    if first.attempt.outcome is Outcome.ANSWERED and first.attempt.status is not None:
        end = f"answered (HTTP {first.attempt.status})"
    elif first.attempt.outcome is Outcome.ANSWERED and first.attempt.declined:
        end = "the server declined TLS"
    lasted = [one.attempt.took for one in group if one.attempt.took is not None]
    why = f": {first.why}" if first.why and first.attempt.outcome is Outcome.UNKNOWN else ""
    return "; ".join([", ".join(stages), end] if stages else [end]) + why + (f" ({_span(lasted)})" if lasted else "")


def _span(times: Sequence[Duration]) -> str:
    """`27 ms`, `27 ms to 1.1 s`."""
    least, most = plain(min(times)), plain(max(times))
    return least if least == most else f"{least} to {most}"
