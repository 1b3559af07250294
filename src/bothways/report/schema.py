r"""The JSON document, schema 1: what stands in it under which key. Keys may be added within a schema, never change.

Absolute times are RFC 3339 strings with nanoseconds, durations carry their unit in the key. Frames and lines count
from 1. Text that comes from evidence is printable: control characters stand in it as `\xNN`.
"""

from msgspec import UNSET, Struct, UnsetType, field

from bothways.report.cite_json import Cite
from bothways.report.ways_schema import Ways

SCHEMA = 1


class Hop(Struct, frozen=True, kw_only=True):
    """A hop that a verdict names."""

    name: str | None
    address: str | None
    index: int
    """Distance from the sender of the way, from 1; 0 where no path report shows it."""


class Around(Struct, frozen=True, kw_only=True):
    """How the other way goes around the stateful device at which it is lost."""

    way: str
    """The other way, whose hops these are."""

    leaves: Hop | None
    """The last hop that both ways pass before they part; null for the end itself."""

    meets: Hop | None
    """The first that both pass again; null for the other end itself."""


class Where(Struct, frozen=True, kw_only=True):
    """Where it is lost."""

    way: str
    between: tuple[str, str]
    """Who still saw it, who no longer did."""

    hops: list[Hop]
    around: Around | UnsetType = UNSET
    """Left out where nothing shows that the other way goes around."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What is concluded."""

    standing: str
    """`confirmed`, `open`, `healthy`, `undetermined`."""

    theory: str | None
    """Only when confirmed."""

    answer: str | None
    """How the drop shows: `silent`, `reset`, `icmp`; null where nothing is dropped."""

    possible: list[str]
    summary: str
    where: Where | None
    target: str | None
    rests_on: list[str] | UnsetType = UNSET
    """`FACT=ANSWER` by the user's word (`--assume`), without which another verdict would stand here; left out where it
    rests on nobody's word."""


class Connections(Struct, frozen=True, kw_only=True):
    """How many connections there were; what is counted apart is not among those seen."""

    seen: int
    failed: int
    censored: int
    probes: int
    """Those of the background that are probes of traces and scans."""

    background: dict[str, int]
    """By kind: `path-probe`, `scan`, `port-probe`, `race-loser`, `keepalive`, `stray`; kinds without any are left out.
    """


class Signature(Struct, frozen=True, kw_only=True):
    """Connections that went the same way."""

    history: str
    connections: int
    example: str
    outcome: str


class TheoryEntry(Struct, frozen=True, kw_only=True):
    """How one theory stands."""

    theory: str
    title: str
    standing: str
    probability: float
    in_favour: list[str] = field(name="for")
    """Ids of facts, the most telling first."""

    against: list[str]
    """Ids of facts, those that eliminate it first."""


class Question(Struct, frozen=True, kw_only=True):
    """What to find out next."""

    id: str
    also: list[str] | UnsetType = UNSET
    """Ids of questions that the same visit answers; left out where there are none."""

    question: str
    who: str
    command: str
    """Lines to be run together."""

    separates: list[str]
    at_once: bool | UnsetType = UNSET
    """Who can answer made some of the evidence: he is asked at the same time as the first one. Left out where not."""


class FactEntry(Struct, frozen=True, kw_only=True):
    """One measured statement: it has either an answer, or `"unknown": true` and why."""

    id: str
    """Unique in its target: the kind, numbered where one kind was measured several times."""

    kind: str
    answer: str | UnsetType = UNSET
    unknown: bool | UnsetType = UNSET
    why: str | UnsetType = UNSET
    says: str | UnsetType = UNSET
    way: str | None
    vantage: str | None
    cites: list[Cite]
    assumed: bool | UnsetType = UNSET
    """True where the user says so; one of the places to look it up is then `by your word`."""

    overruled: bool | UnsetType = UNSET
    """True where the user says otherwise: measured, and not weighed."""


class Differs(Struct, frozen=True, kw_only=True):
    """By what the connections of a finding differ from those to the target that worked."""

    trait: str
    """`client`, `source-port`, `time`, `size`, `reply-size`, `age`, `way-back`, `way-there`, `options`."""

    form: str
    """`is`, `at-least`, `below`, `within` (both ends included), `rest` (of a division)."""

    value: int | str
    """Times in ns since 1970, spans in ns, sizes in bytes."""

    other: int | UnsetType = UNSET
    """With `within` the upper end, with `rest` the divisor."""

    failed: tuple[int, int]
    """Of how many that failed so many have it: [with it, all]."""

    worked: tuple[int, int]
    chance: float
    """That any of the traits that were looked at divides them as well by chance."""

    alike: list[str]
    """Traits that divide them as well; which one it is, is not told."""

    says: str


class Finding(Struct, frozen=True, kw_only=True):
    """One failure of a target: connections that one cause may have killed."""

    verdict: Verdict
    signatures: list[Signature]
    connections: int
    """Failed ones that share it."""

    first_seen: str | None
    """When the first of them began."""

    last_seen: str | None
    """When the last of them began."""

    share: float | None
    """Of the target's connections whose end is known; null where no capture shows them."""

    worked_before: int
    worked_after: int
    """Connections to the target that worked, begun before the first and after the last of these."""

    differs_by: list[Differs]
    """Each within the connections that have the one before; empty where nothing certain tells them apart."""

    theories: list[TheoryEntry] | UnsetType = UNSET
    """This and the following are left out of the first finding, whose are the target's own."""

    inseparable: list[list[str]] | UnsetType = UNSET
    next: list[Question] | UnsetType = UNSET
    facts: list[FactEntry] | UnsetType = UNSET


class Target(Struct, frozen=True, kw_only=True):
    """One target."""

    id: str
    client: str | None
    server: str
    """Address."""

    port: int
    name: str | None
    called: str | UnsetType = UNSET
    """What a capture's own name resolution calls the server; left out where none knows it."""

    first_seen: str | None
    last_seen: str | None
    connections: Connections
    signatures: list[Signature]
    verdict: Verdict
    theories: list[TheoryEntry]
    inseparable: list[list[str]]
    next: list[Question]
    facts: list[FactEntry]
    findings: list[Finding]
    """What is wrong with it, each failure by itself, the worst first; empty unless something failed."""


class Background(Struct, frozen=True, kw_only=True):
    """What nobody wanted, of one kind and from one client."""

    kind: str
    client: str | None
    """Null for all further clients together."""

    connections: int
    servers: int
    """Different server addresses and ports."""


class ObserverEntry(Struct, frozen=True, kw_only=True):
    """One capture and how good it is."""

    vantage: str
    file: str
    """The capture's first file."""

    member: str | UnsetType = UNSET
    """That file's name in the archive that `file` is."""

    files: list[str] | UnsetType = UNSET
    """All of them in the order in which they were read, where there are several."""

    quality: list[str]
    flaws: list[str]
    """What is wrong with it, in words that programs can read; empty where nothing is known to be."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One file that was looked at."""

    path: str
    member: str | UnsetType = UNSET
    """Its name in the archive that `path` is."""

    sha256: str | None
    """Null where the file was not read whole."""

    kind: str
    vantage: str | None
    read: dict[str, int]
    problems: list[str]


class Document(Struct, frozen=True, kw_only=True):
    """The whole report."""

    schema: int
    bothways: str
    """The program's version."""

    verdict: Verdict
    """That of the worst target."""

    targets: list[Target]
    observers: list[ObserverEntry]
    evidence: list[Evidence]
    notes: list[str]
    background: list[Background]
    """Counted apart, the most of a kind first."""

    next: list[Question] | UnsetType = UNSET
    """What to ask where there is no target; left out where there is one."""

    ways: list[Ways]
    """The two ways between the ends of each target that path reports belong to, the worst target first, and those
    between ends that only path reports know; the same ways stand here once, with the worst target that has them."""

    ports_used_again: int
    """Connections between ends that another one had used before; each is judged as one of its own."""
