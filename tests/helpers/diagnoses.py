"""Diagnoses made by hand, for tests of what is said about them: each call names only what its test is about."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bothways.connections.company import ALONE
from bothways.connections.observer import Observer, Place
from bothways.diagnosis.model import (
    Answer,
    Ask,
    Diagnosis,
    HopName,
    Ruling,
    SignatureCount,
    TargetDiagnosis,
    Verdict,
    Where,
)
from bothways.evidence.capture import Survey
from bothways.evidence.case import EvidenceFile, Kind, Role
from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.problem import Problem
from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.fact import Fact, unknown
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.resets import RESET_SENDER
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.units import Instant, seconds
from bothways.verdict.standing import Judged, Standing
from bothways.way import Way

START = Instant(1_800_000_000_123_456_789)
SERVER = Endpoint("203.0.113.2", 443)

NOT_TAKEN = Fact(
    kind=SERVER_TOOK_ACK,
    answer=Took.NOT_TAKEN,
    says="the server repeated its SYN+ACK 4 times, though the client answered each with an ACK",
    way=Way.THERE,
    vantage="client",
    cites=(Citation(file="client.pcap", frame=11), Citation(file="client.pcap", frame=8)),
)
BYPASSED = Fact(
    kind=FIREWALL_STATE,
    answer=Remembered.BYPASSED,
    says="the firewall shows SYN_SENT [UNREPLIED], while ACKs arrive at it",
    way=Way.BACK,
    vantage="firewall",
    cites=(Citation(file="firewall.conntrack.txt", line=1),),
)
NOT_KNOWN = unknown(RESET_SENDER, "no capture at the server")
FACTS = (NOT_TAKEN, BYPASSED, NOT_KNOWN)

SOMEWHERE = Where(
    way=Way.THERE,
    last_seen="firewall-inside",
    first_missing="firewall-outside",
    hops=(HopName(name="fw.campus.example", address="10.0.0.1", index=3),),
)
QUESTION = Ask(
    id="firewall-state",
    question="Did the firewall see the server's reply?",
    who="firewall's administrator",
    command="conntrack -L -p tcp --orig-src 10.65.238.2 --orig-dst 203.0.113.2 --dport 443 --and-a-long-tail",
    separates=("asymmetric-bypass", "established-outbound-drop"),
)


def judged(theory: str, standing: Standing, probability: float, **more: Any) -> Judged:
    return Judged(
        theory=theory, standing=standing, probability=probability, **({"in_favour": (), "against": ()} | more)
    )


def all_judged(confirmed: str | None = None) -> tuple[Judged, ...]:
    """Every theory of the catalogue: *confirmed* alone stands, or the first two if there is none."""
    standing = {confirmed} if confirmed else {"asymmetric-bypass", "established-outbound-drop"}
    state = Standing.CONFIRMED if confirmed else Standing.POSSIBLE
    rows = [
        judged(theory.id, state, 0.998 / len(standing), in_favour=(NOT_TAKEN, BYPASSED))
        if theory.id in standing
        else judged(theory.id, Standing.ELIMINATED, 0.0, against=(NOT_TAKEN,))
        for theory in THEORIES
    ]
    rows.append(judged(UNEXPLAINED, Standing.POSSIBLE, 0.002))
    return tuple(sorted(rows, key=lambda row: -row.probability))


def target(ruling: Ruling, **changes: Any) -> TargetDiagnosis:
    """One target with the verdict *ruling* and everything that usually goes with it."""
    failed = ruling in {Ruling.CONFIRMED, Ruling.OPEN}
    confirmed = "asymmetric-bypass" if ruling is Ruling.CONFIRMED else None
    open_ones = ("asymmetric-bypass", "established-outbound-drop") if ruling is Ruling.OPEN else ()
    possible = (confirmed,) if confirmed else open_ones
    made = TargetDiagnosis(
        id="fonts.example.net 203.0.113.2:443 from 10.65.238.0/24",
        client="10.65.238.0/24",
        server=SERVER,
        name="fonts.example.net",
        first_seen=START,
        last_seen=Instant(START + seconds(24)),
        seen=9,
        failed=9 if failed else 0,
        censored=0,
        background=(),
        signatures=(
            SignatureCount(history="ShADT", outcome="half-open", connections=9, example="client.pcap frame 1"),
        ),
        verdict=Verdict(
            ruling=ruling,
            theory=confirmed,
            answer=Answer.SILENT if failed else None,
            possible=possible,
            where=SOMEWHERE if failed else None,
        ),
        judged=all_judged(confirmed) if failed else (),
        inseparable=(open_ones,) if open_ones else (),
        next=(QUESTION,) if ruling is Ruling.OPEN else (),
        facts=FACTS if failed else (),
    )
    return replace(made, **changes)


def with_verdict(made: TargetDiagnosis, **changes: Any) -> TargetDiagnosis:
    """*made* with another detail in its verdict."""
    return replace(made, verdict=replace(made.verdict, **changes))


def survey(**changes: Any) -> Survey:
    """A capture about which there is nothing to complain."""
    made = Survey(
        file="client.pcap",
        format="pcap",
        link_types=("ethernet",),
        snap_length=None,
        packets=54,
        tcp_packets=54,
        other_ip_packets=0,
        first=START,
        last=Instant(START + seconds(42)),
        cut_packets=0,
        largest_frame=1514,
        dropped=None,
        rows=(),
        problems=(),
    )
    return replace(made, **changes)


def observer(seen: Survey | None = None, **changes: Any) -> Observer:
    """Somebody who stood at the client for sure."""
    made = Observer(
        vantage="client",
        place=Place.CLIENT,
        certainty=0.995,
        survey=seen or survey(),
        routers_there=0,
        routers_back=9,
    )
    return replace(made, **changes)


CAPTURE_FILE = EvidenceFile(
    path="client.pcap", sha256="0" * 64, kind=Kind.CAPTURE, role=Role(vantage="client"), read=(("packets", 54),)
)
STRANGE_FILE = EvidenceFile(
    path="notes.bin", sha256="", kind=Kind.UNREAD, role=Role(), problems=(Problem(says="it is no text"),)
)


def diagnosis(*targets: TargetDiagnosis, **changes: Any) -> Diagnosis:
    """A whole diagnosis of *targets*, the worst first."""
    made = Diagnosis(targets=targets, observers=(observer(),), company=(ALONE,), files=(CAPTURE_FILE, STRANGE_FILE))
    return replace(made, **changes)
