"""What a diagnosis says, before anybody words it."""

from enum import StrEnum

from msgspec import Struct, field

from bothways.connections.background import PROBES, Background
from bothways.connections.company import Company
from bothways.connections.differences import Difference
from bothways.connections.observer import Observer
from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.case import EvidenceFile
from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Fact
from bothways.units import Instant
from bothways.verdict.standing import Judged
from bothways.way import Way


class Ruling(StrEnum):
    """The standing of a verdict, worst first."""

    CONFIRMED = "confirmed"
    """One cause explains the failure, and nothing that stands beside it does."""
    OPEN = "open"
    """A failure with several possible causes."""
    UNDETERMINED = "undetermined"
    """No failure seen, and not enough to call it healthy."""
    HEALTHY = "healthy"


class Answer(StrEnum):
    """How the drop shows."""

    SILENT = "silent"
    RESET = "reset"
    ICMP = "icmp"


class HopName(Struct, frozen=True, kw_only=True):
    """A hop that a verdict names."""

    name: str | None
    address: str | None
    index: int
    """TTL at which it answers on the way of the verdict, from 1."""


class Around(Struct, frozen=True, kw_only=True):
    """How the other way goes around the place where it is lost."""

    way: Way
    """The other way."""

    leaves: HopName | None
    """The last router that both ways pass before they part, in the direction of this way; None: the end itself."""

    meets: HopName | None
    """The first router that both pass again; None: the other end itself."""


class Where(Struct, frozen=True, kw_only=True):
    """Between whom it is lost."""

    way: Way
    last_seen: str
    """Vantage or hop that still had it."""

    first_missing: str
    """Vantage or hop that no longer had it."""

    hops: tuple[HopName, ...] = ()
    """The device, or the hops between which it must be; empty where no path report names them."""

    around: Around | None = None
    """Where a stateful device stands there that the other way certainly does not pass in its place; None elsewhere."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What is concluded about one target."""

    ruling: Ruling
    theory: str | None
    """Only when confirmed."""

    answer: Answer | None
    possible: tuple[str, ...]
    """When confirmed the theory alone; when open the theories that stand, the likeliest first; otherwise empty."""

    where: Where | None
    rests_on: tuple[Fact, ...] = ()
    """What the user says, where without it another verdict would have been drawn."""


class SignatureCount(Struct, frozen=True, kw_only=True):
    """Connections that went the same way."""

    history: str
    outcome: str
    connections: int
    example: str
    """Where to look one up: `client.pcap frame 1`."""


class Ask(Struct, frozen=True, kw_only=True):
    """A question with its command filled in for this case."""

    id: str
    also: tuple[str, ...] = ()
    """Ids of questions that the same visit answers; their commands are among the lines."""

    question: str
    who: str
    command: str
    """One line, or several to be run together."""

    separates: tuple[str, ...]
    at_once: bool = False
    """Who can answer helps already: he is asked at the same time as the first one of all."""


class Finding(Struct, frozen=True, kw_only=True):
    """One failure of a target: the connections that one cause may have killed, judged by their own exemplars.

    A target whose connections die in several ways that no one cause explains has several.
    """

    verdict: Verdict
    signatures: tuple[SignatureCount, ...]
    """Those of the failed connections that share it, the most frequent first; empty where no capture shows them."""

    connections: int
    """Failed ones that share it."""

    first_seen: Instant | None
    """When the first of them began, by the clock of the observer nearest to the client; None where none says."""

    last_seen: Instant | None
    """When the last of them began."""

    worked_before: int
    """Connections to the target that worked and began before the first of them."""

    worked_after: int
    """That worked and began after the last of them."""

    worked: int
    """All connections to the target that worked."""

    differences: tuple[Difference, ...]
    """By what these differ from those that worked, where chance can hardly have done it."""

    judged: tuple[Judged, ...]
    inseparable: tuple[tuple[str, ...], ...]
    next: tuple[Ask, ...]
    facts: tuple[Fact, ...]
    overruled: tuple[Fact, ...] = ()
    """Measured otherwise than the user says: shown, and not weighed."""


class TargetDiagnosis(Struct, frozen=True, kw_only=True):
    """One target, judged on its own."""

    id: str
    client: str
    """Network or address that the connections came from; empty where unknown."""

    server: Endpoint
    name: str | None
    called: str | None = None
    """What a capture's own name resolution calls the server; None where none knows it."""

    first_seen: Instant | None
    last_seen: Instant | None
    seen: int
    failed: int
    censored: int
    background: tuple[tuple[Background, int], ...]
    """Connections to it that nobody wanted, by kind; not among those seen."""

    signatures: tuple[SignatureCount, ...]
    verdict: Verdict
    judged: tuple[Judged, ...]
    """Every theory and `unexplained`, the likeliest first; empty unless something failed."""

    inseparable: tuple[tuple[str, ...], ...]
    next: tuple[Ask, ...]
    facts: tuple[Fact, ...]
    """In the order of the catalogue; empty unless something failed."""

    overruled: tuple[Fact, ...] = ()
    """Measured otherwise than the user says: shown, and not weighed."""

    findings: tuple[Finding, ...] = ()
    """What is wrong, the worst first, whose verdict, theories, questions and facts are the target's; empty unless
    something failed."""

    @property
    def probes(self) -> int:
        """Probes of traces and scans among the background."""
        kinds = {*PROBES, Background.SCAN}
        return sum(count for kind, count in self.background if kind in kinds)


class Apart(Struct, frozen=True, kw_only=True):
    """Background of one kind from one client."""

    kind: Background
    client: str | None
    """Its address; None for all further clients together."""

    connections: int
    servers: int
    """Different server addresses and ports."""


class Diagnosis(Struct, frozen=True, kw_only=True):
    """The whole answer."""

    targets: tuple[TargetDiagnosis, ...]
    """The worst first."""

    observers: tuple[Observer, ...]
    """From the client to the server."""

    company: tuple[Company, ...]
    """For each of `observers`, how it compares with the others."""

    files: tuple[EvidenceFile, ...]
    notes: tuple[str, ...] = field(default=())
    """What a reader should know about the whole: what was left out and why."""

    background: tuple[Apart, ...] = ()
    """What stands beside the wanted connections, the most of a kind first."""

    next: tuple[Ask, ...] = ()
    """What to ask where there is no target to ask about."""

    ways: tuple[WaysOf, ...] = ()
    """The two ways between the ends of each target that path reports belong to, the worst target first; then those
    between ends that only path reports know."""

    ports_used_again: int = 0
    """Connections that began between ends which another one had used before; each is judged as one of its own."""

    others: tuple[tuple[Endpoint, str], ...] = ()
    """Servers and names that the evidence holds and the user left out."""

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst target; undetermined where there is none."""
        if self.targets:
            return self.targets[0].verdict
        return Verdict(ruling=Ruling.UNDETERMINED, theory=None, answer=None, possible=(), where=None)
