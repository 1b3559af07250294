"""A whole run as one value: the network, what happens on it, who watches, and what is true of it."""

from typing import Literal

from msgspec import field

from bothways.lab.model.network import Network, Value
from bothways.lab.model.traffic import Service, Visit


class Capture(Value, frozen=True, kw_only=True):
    """Where tcpdump listens; *name* is the vantage, and the file's name without its ending."""

    name: str
    node: str
    interface: str
    """`any` is all of the node's interfaces at once."""


Tool = Literal[
    "mtr", "mtr-both", "mtr-numeric", "mtr-json", "tcp-traceroute", "icmp-traceroute", "udp-traceroute", "tracepath"
]
"""mtr prints names where it finds some, or both (`-b`), or addresses alone (`-n`, and here in JSON)."""


class PathReport(Value, frozen=True, kw_only=True):
    """A path tool that is run from a node; *file* says which way, in the words that `diagnose` takes as hints."""

    file: str
    tool: Tool
    node: str
    to: str
    port: int | None = None
    """Of a TCP traceroute."""


class Event(Value, frozen=True, kw_only=True):
    """What somebody does to a node while clients are at work: `forget` empties its table of tracked connections."""

    node: str
    does: Literal["forget"] = "forget"
    step: int = 1
    after_s: float = 0.0
    """Seconds after the step of the visits began."""


class Sign(Value, frozen=True, kw_only=True):
    """What must be found in the evidence if the fault (or its mending) is real: a count by an independent reader.

    Either packets: tcpdump reads *capture* and counts those that *match*. Or a rule's hits: the counters of those rules
    of *ruleset* (a node) are added up in whose text *match* occurs.
    """

    says: str
    match: str
    capture: str = ""
    ruleset: str = ""
    at_least: int = 1
    at_most: int | None = None


class Where(Value, frozen=True, kw_only=True):
    """The place of the fault: between which nodes, on which way."""

    way: Literal["there", "back"]
    between: list[str]
    """Two nodes, or one that does it itself."""
    addresses: list[str] = field(default_factory=list)
    """All addresses of those nodes."""


class Truth(Value, frozen=True, kw_only=True):
    """What an honest judge should find out."""

    theory: str
    """A theory's id, or `healthy`."""
    says: str
    client: str
    server: str
    port: int
    name: str = ""
    control: str | None = None
    firewall: list[str] = field(default_factory=list)
    answer: Literal["silent", "reset", "icmp"] | None = None
    """How a drop shows; None where nothing is dropped."""
    where: Where | None = None


class Scenario(Value, frozen=True, kw_only=True):
    """One run."""

    name: str
    says: str = ""
    network: Network
    services: list[Service] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    paths: list[PathReport] = field(default_factory=list)
    state: list[str] = field(default_factory=list)
    """Nodes whose connection tracking and ruleset are kept, e.g. the firewall."""
    counters: list[str] = field(default_factory=list)
    """Hosts whose sockets and counters are kept (`ss -tin`, `nstat`)."""
    signs: list[Sign] = field(default_factory=list)
    truth: Truth | None = None
    seed: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    mended: bool = False
