"""How far traces with SYNs come on the way there, against those with other probes.

Filters of a port stop SYNs that pings pass; a device that keeps state, or a rule against packets of established
connections, stops ACKs where SYNs pass; and what is sent to closed ports is often filtered near the server. All of it
is everyday business, and routers that limit their replies look alike: this settles nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.path_report import Hop
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.paths.model import Path
from bothways.paths.routers import label
from bothways.way import Way


class Farther(StrEnum):
    """How far SYNs come, against other probes."""

    ALIKE = "alike"
    """All kinds of probes come as far."""
    SYN_STOPS = "syn-stops"
    """Others come farther than SYNs."""
    ACK_STOPS = "ack-stops"
    """SYNs come farther than ACKs, whatever else."""
    OTHERS_STOP = "others-stop"
    """SYNs come farther than pings or datagrams."""


LAST_ANSWER = Kind(
    id="last-answer",
    asks="How far do traces with SYNs come, against those with other probes?",
    family="probe-kinds",
    answers=Farther,
    decisive=False,
)

_SYN, _ACK = "tcp-syn", "tcp-ack"

_CALLED: Mapping[str, str] = {_SYN: "SYNs", _ACK: "ACKs", "icmp": "pings", "udp": "datagrams"}


class _End(Struct, frozen=True, kw_only=True):
    """The farthest answer to one kind of probe."""

    probe: str
    path: Path
    hop: Hop

    @property
    def far(self) -> int:
        """Distance of the answer; beyond all where it is the server's."""
        return BEYOND if self.path.reached else self.hop.index

    @property
    def said(self) -> str:
        """`SYNs reach the server`, `ACKs come to hop 3, fw1`."""
        come = "reach the server" if self.path.reached else f"come to hop {self.hop.index}, {label(self.hop)}"
        return f"{_CALLED.get(self.probe, self.probe)} {come}"


BEYOND = 256
"""More than any distance: TTLs end at 255."""


def last_answer(subject: Subject) -> Fact:
    """Compare the farthest answer to SYNs with that to each other kind of probe."""
    ends = _ends(subject)
    syn = ends.get(_SYN)
    others = [end for probe, end in ends.items() if probe != _SYN]
    if syn is None or not others:
        return unknown(LAST_ANSWER, "no traces of the way there with SYNs and with other probes are at hand")
    farthest = max(others, key=lambda end: end.far)
    ack = ends.get(_ACK)
    shorter = [end for end in others if end.far < syn.far]
    if farthest.far > syn.far:
        answer, shown = Farther.SYN_STOPS, farthest
    elif ack is not None and ack.far < syn.far:
        answer, shown = Farther.ACK_STOPS, ack
    else:
        answer = Farther.OTHERS_STOP if shorter else Farther.ALIKE
        shown = min(others, key=lambda end: end.far)
    cites = (syn.path.cite(syn.hop), shown.path.cite(shown.hop))
    return Fact(kind=LAST_ANSWER, answer=answer, says=f"{syn.said}, {shown.said}", way=Way.THERE, cites=cites)


def _ends(subject: Subject) -> dict[str, _End]:
    """By kind of probe, the farthest answer of all reports of the way there."""
    found: dict[str, _End] = {}
    for path in subject.paths:
        probe, hop = path.report.probe, path.last_answering()
        if path.way is not Way.THERE or path.control or probe is None or hop is None or path.reached is None:
            continue
        end = _End(probe=probe, path=path, hop=hop)
        if probe not in found or end.far > found[probe].far:
            found[probe] = end
    return found
