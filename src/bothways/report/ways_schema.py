"""What the JSON document says of the two ways of a path, under its key `ways`."""

from msgspec import Struct, field

from bothways.report.cite_json import Cite


class WayHop(Struct, frozen=True, kw_only=True):
    """A hop of one way."""

    index: int
    """TTL of the probes, from 1."""

    name: str | None
    address: str | None
    """The first one that a report gives."""

    addresses: list[str]
    """All of them: of a hop that carries load, or of reports that call one router differently."""

    silent: bool
    """Nobody answered at this distance, in any report."""

    best_rtt_ns: int | None
    """The shortest round trip; null where none was measured."""

    loss: float | None
    """Share of the probes without reply, 0 to 1; null where no report counts them."""

    loss_limited: bool
    """It loses more than later hops do: the router limits its replies, and this is no loss of the path."""


class WayRow(Struct, frozen=True, kw_only=True):
    """One router, or one silent hop: of both ways or of one."""

    there: WayHop | None
    back: WayHop | None
    kinship: str
    """`same` (one router of both ways), `only-there`, `only-back`, `cannot-tell`."""

    likeliest: str
    """The same words: what it is most likely, whether or not that can be told."""

    confidence: float
    """That `kinship` is right, 0 to 1; of what cannot be told, how sure `likeliest` is."""

    bases: list[str]
    """On what a pair rests, the strongest first: `address`, `name`, `interface-name`, `link`, `round-trip`, `position`,
    `inventory`, `network`, `way-back`; empty in rows of one way."""

    absent: str | None
    """Of a router of one way, why it is known not to be on the other one (`control`, `neighbours`), or why that is not
    known (`silent-hops`, `unrecognised`, `unended`, `unproven`); null in rows of two hops."""


class WayDetour(Struct, frozen=True, kw_only=True):
    """A stretch on which the ways pass different routers; numbers of `rows`, from 0."""

    before: int | None
    """The pair behind which the ways part; null: at the client."""

    after: int | None
    """The pair at which they meet again; null: at the server."""

    there: list[int]
    """Hops of the way there in between, by their index."""

    back: list[int]
    proven: bool
    """Whether a router is proven to stand on one way only; else the ways part here only probably."""

    confidence: float
    """That they part here, 0 to 1."""


class DeviceReason(Struct, frozen=True, kw_only=True):
    """On what a recognition rests."""

    rests_on: str
    """`word`, `inventory`, `state`, `probes`, `translation`, `name`; a name alone is weak."""

    because: str
    cites: list[Cite]


class WayDevice(Struct, frozen=True, kw_only=True):
    """A hop that is taken for a stateful device."""

    name: str | None
    address: str | None
    keeps: str
    """`firewall`, `nat`, `load-balancer`, `stateful`."""

    there: int | None
    """Its index on the way there; null where no report of that way shows it."""

    back: int | None
    reasons: list[DeviceReason]


class WayNetwork(Struct, frozen=True, kw_only=True):
    """Whose an address is, by the user's database."""

    address: str
    number: int
    """Of the autonomous system."""

    organisation: str | None


class WayAbsence(Struct, frozen=True, kw_only=True):
    """On which ways the stateful firewall stands, and whether its absence from one is proven."""

    stands: str | None
    """`there-only`, `back-only` (proven absent from the other one), `both`, `neither`; null where it is not known."""

    says: str
    """What was seen, or why it is not known."""

    cites: list[Cite]


class WayControl(Struct, frozen=True, kw_only=True):
    """The way of a control."""

    way: str
    files: list[str]
    hops: list[WayHop]


class WayForm(Struct, frozen=True, kw_only=True):
    """Another form of one of the two ways, that stands in no row."""

    way: str
    why: str
    """`time` (the way changed), `turns` (it is balanced over ways of unequal length), `untold`."""

    files: list[str]
    hops: list[WayHop]


class WayMeans(Struct, frozen=True, kw_only=True):
    """What an answer about the ways means for the theories, if connections between these ends fail."""

    fact: str
    """The kind of fact."""

    answer: str
    known: bool
    """False: it is not known, and this is what the answer would mean."""

    says: str
    speaks_for: list[str] = field(name="for")
    """Ids of theories."""

    against: list[str]
    rules_out: list[str]


class Ways(Struct, frozen=True, kw_only=True):
    """The two ways between two ends, side by side."""

    target: str | None
    """Id of the target whose ends they are; null where only path reports know them."""

    client: str | None
    server: str | None
    """Names or addresses of the ends."""

    files: dict[str, list[str]]
    """The reports of each way, under `there` and `back`."""

    reached: dict[str, bool | None]
    """Whether the reports of a way show its other end; null where they do not let one tell, or there are none."""

    told_by: str | None
    """By what the ways were told apart: `word`, `ends`, `hint`, `hops`, `order` (an assumption); null where a target
    has them."""

    rows: list[WayRow]
    """From the client to the server, without the two ends; of one way alone where the other one is not reported."""

    detours: list[WayDetour]
    devices: list[WayDevice]
    networks: list[WayNetwork]
    """Of the addresses on the two ways that a database knows; empty without one."""

    """The best recognised first."""

    absence: WayAbsence | None
    silent: dict[str, int]
    """Hops of each way that did not answer and have an answering one behind them: each could hide a device."""

    controls: list[WayControl]
    other_forms: list[WayForm]
    left_out: list[str]
    """Reports that belong to neither way, and why."""

    means: list[WayMeans]
    """What would follow for the theories; known answers first."""

    says: list[str]
    """The same in sentences."""

    cites: list[Cite]
    """Where each way begins in its reports."""
