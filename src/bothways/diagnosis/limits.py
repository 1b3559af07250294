"""What the user's window does to a case, and the sentence that says so.

Reports that tell their own time and were made outside it are left out. What tells no time stays, and is said to: it may
speak of another moment.
"""

from msgspec.structs import replace

from bothways.connections.window import Window
from bothways.evidence.case import Case
from bothways.evidence.flow import FlowLog
from bothways.units import Instant, rfc3339


def limited(case: Case, window: Window) -> Case:
    """*case* without the path reports and the records of connections that were begun outside *window*."""
    return replace(
        case,
        paths=tuple(item for item in case.paths if window.holds(item.report.started)),
        flows=tuple(_limited(log, window) for log in case.flows),
    )


def _limited(log: FlowLog, window: Window) -> FlowLog:
    return log if window.is_open else replace(log, flows=tuple(flow for flow in log.flows if window.holds(flow.first)))


def limits(case: Case, window: Window, *, left_out: int) -> tuple[str, ...]:
    """What to say of *window* and the whole *case*; *left_out* connections began outside."""
    if window.is_open:
        return ()
    told = [f"judged is what began {_between(window)}: {_counted(left_out, 'connection')} began outside"]
    kept = limited(case, window)
    reports = len(case.paths) - len(kept.paths)
    if reports:
        told.append(f"{_counted(reports, 'path report')} of another time not used")
    records = sum(len(log.flows) for log in case.flows) - sum(len(log.flows) for log in kept.flows)
    if records:
        told.append(f"{_counted(records, 'record')} of connection logs of another time not used")
    if case.attempts or any(item.report.started is None for item in case.paths):
        told.append("logs of attempts and path reports that tell no time were used whenever they were made")
    return ("; ".join(told),)


def _between(window: Window) -> str:
    if window.since is None:
        return f"until {_said(window.until or Instant(0))}"
    if window.until is None:
        return f"since {_said(window.since)}"
    return f"between {_said(window.since)} and {_said(window.until)}"


def _said(instant: Instant) -> str:
    """As the page says times: `2026-11-22 10:00:03 UTC`, with as much of the second as there is."""
    text = rfc3339(instant)
    if not text.endswith("Z"):
        return text
    whole, _, fraction = text.removesuffix("Z").replace("T", " ").partition(".")
    return f"{whole}.{fraction.rstrip('0')}".rstrip(".") + " UTC"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
