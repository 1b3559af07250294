"""All the evidence of one case, side by side, each piece with where it came from."""

from enum import StrEnum

from msgspec import Struct

from bothways.evidence.attempt import AttemptLog
from bothways.evidence.capture import Packets, Survey
from bothways.evidence.counters import CounterLog
from bothways.evidence.echo import EchoLog
from bothways.evidence.flow import FlowLog
from bothways.evidence.inventory import Inventory
from bothways.evidence.logged_packet import PacketLog
from bothways.evidence.manifest import Manifest
from bothways.evidence.networks import AddressBook
from bothways.evidence.path_report import PathReport
from bothways.evidence.probing import ProbeLog
from bothways.evidence.problem import Problem
from bothways.evidence.rule import Ruleset
from bothways.evidence.session import SessionLog
from bothways.evidence.socket import SocketList
from bothways.way import Way


class Kind(StrEnum):
    """What a file turned out to hold."""

    CAPTURE = "capture"
    PATH = "path"
    SESSIONS = "sessions"
    RULES = "rules"
    ATTEMPTS = "attempts"
    SOCKETS = "sockets"
    COUNTERS = "counters"
    LOG = "log"
    """Packets that a filter wrote into a log."""
    BOOKKEEPING = "bookkeeping"
    """What a tool of this project keeps beside the evidence for its own use; never judged."""
    FLOWS = "flows"
    ECHOES = "echoes"
    """Sizes that ping tried."""
    INVENTORY = "inventory"
    """The user's own list of devices."""
    ADDRESSES = "addresses"
    """A database that says whose addresses are."""
    CHECK = "check"
    """What `bothways check` tried and probed: attempts, sockets and traces in one file."""
    MANIFEST = "manifest"
    """What a dossier says of itself."""
    UNREAD = "unread"
    """Not understood; its problems say why."""


class Role(Struct, frozen=True, kw_only=True):
    """What a file is taken for, beyond its content. A name only hints; the user's word decides."""

    vantage: str | None = None
    way: Way | None = None
    control: bool = False
    """It shows a connection or path made for comparison."""

    decided: bool = False
    """The user said so on the command line, or who made the dossier in its manifest: content does not overrule it."""


class EvidenceFile(Struct, frozen=True, kw_only=True):
    """One file that was looked at."""

    path: str
    """As cited everywhere else."""

    sha256: str
    """Of the file's bytes, lower-case hex; empty where they were not read, and of a capture where nobody asked."""

    kind: Kind
    role: Role
    read: tuple[tuple[str, int], ...] = ()
    """How much of what was read: (`packets`, 54), (`hops`, 11), (`lines`, 120)."""

    problems: tuple[Problem, ...] = ()

    archive: str = ""
    """How the archive is cited that it is a member of, with which its path begins; empty for a file by itself."""

    @property
    def member(self) -> str:
        """Its name in the archive; empty for a file by itself."""
        return self.path.removeprefix(f"{self.archive}: ") if self.archive else ""


class CaptureEvidence(Struct, frozen=True, kw_only=True):
    """One capture: all connections as rows, the chosen ones as packets."""

    survey: Survey
    packets: tuple[Packets, ...]
    role: Role


class PathEvidence(Struct, frozen=True, kw_only=True):
    """One path report and the role of its file."""

    report: PathReport
    role: Role


class SocketEvidence(Struct, frozen=True, kw_only=True):
    """One listing of sockets and the role of its file."""

    listing: SocketList
    role: Role


class CounterEvidence(Struct, frozen=True, kw_only=True):
    """One file of counters and its role."""

    log: CounterLog
    role: Role


class LogEvidence(Struct, frozen=True, kw_only=True):
    """One log of a packet filter and the role of its file."""

    log: PacketLog
    role: Role


class Case(Struct, frozen=True, kw_only=True):
    """What `diagnose` judges. Order is the order in which the user gave the files."""

    files: tuple[EvidenceFile, ...]
    captures: tuple[CaptureEvidence, ...] = ()
    paths: tuple[PathEvidence, ...] = ()
    sessions: tuple[SessionLog, ...] = ()
    rules: tuple[Ruleset, ...] = ()
    attempts: tuple[AttemptLog, ...] = ()
    sockets: tuple[SocketEvidence, ...] = ()
    counters: tuple[CounterEvidence, ...] = ()
    logs: tuple[LogEvidence, ...] = ()
    flows: tuple[FlowLog, ...] = ()
    echoes: tuple[EchoLog, ...] = ()
    probes: tuple[ProbeLog, ...] = ()
    inventories: tuple[Inventory, ...] = ()
    books: tuple[AddressBook, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    """Of the dossiers among the files."""
