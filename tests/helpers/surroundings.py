"""What stands beside captures, each in one short line: path reports, connection tracking, rules, programs' logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bothways.evidence.attempt import Attempt, AttemptLog, Outcome
from bothways.evidence.case import PathEvidence, Role
from bothways.evidence.path_report import Hop, HopReply, PathReport
from bothways.evidence.rule import Decision, Rule, Ruleset
from bothways.evidence.session import Change, Session, SessionLog
from bothways.paths.ends import Reports
from bothways.paths.two_ends import TwoEnds
from bothways.units import Duration, Instant
from bothways.way import Way
from tests.helpers.network import CLIENT, SERVER, START

if TYPE_CHECKING:
    from bothways.evidence.endpoint import Endpoint
    from bothways.paths.model import Path


def reply(said: str, *trips_ms: float) -> HopReply:
    """`fw=10.0.0.1`, `fw` or `10.0.0.1`."""
    name, _, address = said.partition("=") if "=" in said or said[0].isalpha() else ("", "", said)
    trips = tuple(Duration(round(ms * 1e6)) for ms in trips_ms)
    return HopReply(name=name or None, address=address or None, round_trips=trips)


def report(hops: str, *, file: str = "outbound.mtr.txt", **more: Any) -> PathReport:
    """*hops* in one line, `?` for a silent one, `a|b` for two responders at one distance."""
    listed = tuple(
        Hop(
            index=index,
            line=index + 2,
            replies=() if said == "?" else tuple(reply(one) for one in said.split("|")),
            sent=10,
            loss=1.0 if said == "?" else 0.0,
        )
        for index, said in enumerate(hops.split(), start=1)
    )
    made = PathReport(
        file=file, tool="mtr", probe="icmp", source=None, destination=None, destination_address=None, hops=listed
    )
    return replace(made, **more)


def evidence(hops: str, way: Way | None = None, *, control: bool = False, **more: Any) -> PathEvidence:
    return PathEvidence(report=report(hops, **more), role=Role(way=way, control=control))


def paths(*reports: PathEvidence) -> tuple[Path, ...]:
    """The reports attached to the usual client and server."""
    ends = TwoEnds.of((CLIENT.address,), (SERVER.address, "a.example"), frozenset({"192.0.2.99"}))
    return Reports(reports).of(ends).paths


def there(hops: str, **more: Any) -> PathEvidence:
    return evidence(hops, Way.THERE, **more)


def back(hops: str, **more: Any) -> PathEvidence:
    return evidence(hops, Way.BACK, file="inbound.mtr.txt", **more)


def control_back(hops: str) -> PathEvidence:
    return evidence(hops, Way.BACK, control=True, file="control-inbound.mtr.txt")


def session(
    state: str | None = "SYN_SENT",
    *,
    ms: float | None = 0,
    unreplied: bool = True,
    client: Endpoint = CLIENT,
    server: Endpoint = SERVER,
    change: Change = Change.NEW,
    line: int = 1,
    protocol: str = "tcp",
) -> Session:
    return Session(
        line=line,
        change=change,
        at=None if ms is None else Instant(START + round(ms * 1e6)),
        protocol=protocol,
        state=state,
        unreplied=unreplied,
        assured=False,
        original=(client, server),
        reply=(server, client),
        timeout_seconds=120,
    )


def sessions(*listed: Session, events: bool = True) -> SessionLog:
    numbered = tuple(replace(item, line=line) for line, item in enumerate(listed, start=1))
    return SessionLog(file="firewall.conntrack.txt", sessions=numbered, is_event_log=events)


def rule(decision: Decision = Decision.DROP, *, packets: int | None = 9, **more: Any) -> Rule:
    made = Rule(
        line=5,
        text="as the test says",
        table="inet filter",
        chain="forward",
        hook="forward",
        decision=decision,
        packets=packets,
        bytes=None,
    )
    return replace(made, **more)


def rules(*listed: Rule, policy: Decision = Decision.ACCEPT) -> Ruleset:
    return Ruleset(file="firewall.nft.txt", rules=listed, policies=(("inet filter", "forward", policy),))


def attempt(outcome: Outcome, *, line: int = 1, **more: Any) -> Attempt:
    """A program's try at the usual server under the usual name."""
    made = Attempt(
        line=line,
        outcome_line=line + 5,
        name="a.example",
        address=SERVER.address,
        port=SERVER.port,
        scheme="https",
        outcome=outcome,
        client_hello_sent=False,
        tls_answered=False,
        took=None,
        status=None,
    )
    return replace(made, **more)


def log(*attempts: Attempt) -> AttemptLog:
    return AttemptLog(file="curl.log", attempts=attempts)
