"""A network as plain values: hosts and routers, the links between them, their routes, filters and names.

    Network
    ├── nodes    Node: a host or a router, with its kernel settings and its filter
    ├── links    Link: two Ends, an MTU, and a Quality for each way
    ├── routes   Route: a line of a node's routing table
    ├── rules    Rule: which table a packet is looked up in
    └── names    Name: what an address is called by lookups inside of the network

The same values are what a file says (`bothways.lab.model.file`), so a field's name is a key of that file. A link's way
there is from its end *a* to its end *b*.
"""

from typing import Literal

from msgspec import Struct, field


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a scenario; a key that it does not know is a slip of the pen, and says so."""


class Node(Value, frozen=True, kw_only=True):
    """A host, or a router if it forwards."""

    name: str
    router: bool = False
    settings: dict[str, int | str] = field(default_factory=dict)
    """Kernel settings by their sysctl names, e.g. `net.ipv4.tcp_syncookies = 0`."""
    filter: str = ""
    """A ruleset as nft(8) reads it, state, NAT and all; loaded after the network was seen to work."""
    verifies: bool = False
    """Whether its interfaces verify checksums of what comes in, and merge segments that follow each other, as network
    cards and their drivers do (GRO). Of a router only; what it sends on is cut up again."""


class End(Value, frozen=True, kw_only=True):
    """Where a link meets a node."""

    node: str
    interface: str
    addresses: list[str] = field(default_factory=list)
    """Each with the length of its prefix: `192.0.2.1/28`, `2001:db8::1/64`."""


class Quality(Value, frozen=True, kw_only=True):
    """What a wire does to the frames of one way, each chance drawn for each frame by itself."""

    latency_ms: float = 0.0
    loss: float = 0.0
    """Chance of being lost, 0 to 1."""
    burst: float = 1.0
    """How many frames that chance may touch are lost in a row, in the mean (Gilbert's model); 1 is each by itself."""
    reorder: float = 0.0
    """Chance of overtaking all that wait: sent at once, without the latency (as netem has it)."""
    duplicate: float = 0.0
    """Chance of being sent twice."""
    rate_kbit: int | None = None
    """Kilobits per second, counted over whole frames; None is as fast as the machine."""
    queue: int = 1000
    """Frames that may wait for a limited rate; more are lost, as planned."""


class Inspection(Value, frozen=True, kw_only=True):
    """A box on a wire that reads TLS ClientHellos on their way there, and answers those that name a server.

    It keeps nothing but the connections that it has answered: as silent as it was, or with a reset to both ends.
    """

    names: list[str]
    answer: Literal["silent", "reset"] = "silent"


Strippable = Literal["window-scale", "sack-permitted", "sack", "timestamps"]


class Rewrite(Value, frozen=True, kw_only=True):
    """What a box on a wire makes of the TCP segments of one way; their checksums are mended."""

    seq: int = 0
    """Added to sequence numbers, modulo 2^32."""
    ack: int = 0
    """Added to acknowledgement numbers, where the ACK bit is set."""
    blocks: int = 0
    """Added to both edges of selective acknowledgements (RFC 2018 section 3)."""
    scale: int | None = None
    """What the window scale says instead, where the option is there (RFC 7323 section 2.2)."""
    strip: list[Strippable] = field(default_factory=list)
    """Options in whose place no-operations stand (RFC 9293 section 3.2)."""


class Rewriting(Value, frozen=True, kw_only=True):
    """A box on a wire that rewrites TCP as it passes, or keeps back what it wrongly calls out of the window."""

    servers: list[str]
    """Addresses toward the end *b* whose connections it touches; all others pass as they are."""
    there: Rewrite = Rewrite()
    back: Rewrite = Rewrite()
    windows: Literal["ignored", "unscaled"] = "ignored"
    """`unscaled` keeps back data that goes beyond the window which its receiver announced, read without its scale, as a
    firewall does that has not learned it; both ways."""


class Link(Value, frozen=True, kw_only=True):
    """A cable between two nodes: a veth pair, or a wire where a quality is asked for."""

    a: End
    b: End
    mtu: int | None = None
    """Bytes of an IP packet, at both ends; None is 1500."""
    vlan: int | None = None
    """The tag that frames carry on this cable, 1 to 4094. The addresses are on `INTERFACE.TAG` then."""
    there: Quality | None = None
    back: Quality | None = None
    inspection: Inspection | None = None
    rewriting: Rewriting | None = None
    """Touches frames as they come to the wire, at either end, before its qualities; an inspection stands before it."""


class Hop(Value, frozen=True, kw_only=True):
    """One of the ways to go on, of a route that has several."""

    via: str
    weight: int = 1


class Route(Value, frozen=True, kw_only=True):
    """A line of a node's routing table."""

    node: str
    to: str
    """A prefix, `default` (of IPv4) or `default6`."""
    via: str | None = None
    """The neighbour's address."""
    hops: list[Hop] = field(default_factory=list)
    """Several ways, chosen by a hash (`net.ipv4.fib_multipath_hash_policy`); instead of *via*."""
    kind: Literal["unicast", "blackhole", "unreachable", "prohibit"] = "unicast"
    table: int = 254
    """254 is the main table."""
    mtu: int | None = None
    """Bytes of the largest packet that goes this way; larger ones are answered as at a narrow link."""
    source: str | None = None
    """The sender's address of what the node itself sends this way; None is the one of the interface."""


class Rule(Value, frozen=True, kw_only=True):
    """Which packets of a node are looked up in another table than the main one."""

    node: str
    table: int
    source: str | None = None
    """A prefix; None is any, here and below."""
    to: str | None = None
    coming_in: str | None = None
    """An interface; `lo` is what the node itself sends."""
    protocol: Literal["icmp", "tcp", "udp", "ipv6-icmp"] | None = None
    priority: int = 1000


class Name(Value, frozen=True, kw_only=True):
    """What an address is called, forwards and in reverse."""

    address: str
    name: str


class Network(Value, frozen=True, kw_only=True):
    """All of it."""

    nodes: list[Node]
    links: list[Link]
    routing: Literal["shortest", "written"] | None = None
    """Where routes come from: `written` takes *routes* and no other. `shortest` fills in what *routes* do not cover:
    each node reaches each network by the fewest links, unless a written route of its main table leads to that network
    or to a larger one around it. None is `written` where any route is written, else `shortest`.
    """
    routes: list[Route] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)

    def node(self, name: str) -> Node:
        """Return the node of that name.

        Raises:
            KeyError: there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    def ends(self, node: str) -> list[End]:
        """Return where links meet a node, in the order of the links."""
        return [end for link in self.links for end in (link.a, link.b) if end.node == node]
