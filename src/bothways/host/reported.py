"""What a file that is no capture turned out to hold."""

from msgspec import Struct

from bothways.evidence.attempt import AttemptLog
from bothways.evidence.case import CounterEvidence, EvidenceFile, Kind, LogEvidence, PathEvidence, Role, SocketEvidence
from bothways.evidence.echo import EchoLog
from bothways.evidence.flow import FlowLog
from bothways.evidence.inventory import Inventory
from bothways.evidence.manifest import Manifest
from bothways.evidence.probing import ProbeLog
from bothways.evidence.problem import Problem
from bothways.evidence.rule import Ruleset
from bothways.evidence.session import SessionLog
from bothways.host.found import Found


class Reported(Struct, frozen=True, kw_only=True):
    """What one file holds: one of the kinds, several of the log of a check, none where no reader understood it."""

    file: EvidenceFile
    paths: tuple[PathEvidence, ...] = ()
    sessions: SessionLog | None = None
    rules: Ruleset | None = None
    attempts: AttemptLog | None = None
    sockets: SocketEvidence | None = None
    counters: CounterEvidence | None = None
    log: LogEvidence | None = None
    flows: FlowLog | None = None
    echoes: EchoLog | None = None
    probes: ProbeLog | None = None
    manifest: Manifest | None = None
    inventory: Inventory | None = None


def unread(found: Found, role: Role, why: str, *, sha256: str = "") -> Reported:
    """A file that was not understood. The hash stays empty where the file was not read whole."""
    problem = Problem(says=why)
    return Reported(
        file=EvidenceFile(path=found.cited, sha256=sha256, kind=Kind.UNREAD, role=role, problems=(problem,))
    )
