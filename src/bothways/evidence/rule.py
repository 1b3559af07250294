"""One rule of a packet filter, what it matches, and how much it has counted."""

from enum import StrEnum

from msgspec import Struct, field


class Decision(StrEnum):
    """What a rule does with a packet that it matches."""

    ACCEPT = "accept"
    DROP = "drop"
    """Silently."""
    REJECT_RESET = "reject-reset"
    REJECT_ICMP = "reject-icmp"
    CONTINUE = "continue"
    """Counts, logs, marks or jumps; decides nothing by itself."""


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. A match that this record does not understand is kept in `unread`.

    And the rule is then narrower than it looks.
    """

    line: int
    text: str
    """The rule as printed, escaped, without indentation."""

    table: str
    chain: str
    hook: str | None
    """`forward`, `input`, `output`, ... of the chain; None for chains without a hook (reached by jumps)."""

    decision: Decision
    packets: int | None
    """Packets counted; None where the rule has no counter: unknown, not nought."""

    bytes: int | None
    destinations: tuple[str, ...] = ()
    """Address prefixes (`203.0.0.0/16`, hosts as /32 or /128) that the destination must be in; empty for any."""

    sources: tuple[str, ...] = ()
    destinations_negated: bool = False
    sources_negated: bool = False
    states: frozenset[str] = field(default_factory=frozenset)
    """Connection-tracking states it asks for: `new`, `established`, `related`, `invalid`, `untracked`; empty for
    any."""

    protocols: frozenset[str] = field(default_factory=frozenset)
    """`tcp`, `udp`, `icmp`, ...; empty for any."""

    destination_ports: tuple[tuple[int, int], ...] = ()
    """Inclusive ranges; empty for any."""

    source_ports: tuple[tuple[int, int], ...] = ()

    tcp_flags: str | None = None
    """A match on TCP flags as printed; None where there is none."""

    tcp_options: frozenset[str] = field(default_factory=frozenset)
    """Options that a segment must bear, as nft(8) calls them (`timestamp`, `window`, `sack-perm`), and `ecn` for the
    two flags by which a SYN offers it; empty for any."""

    interfaces: tuple[str, ...] = ()
    """Interface names it asks for, as `iifname v3b` or `oifname v3a`; empty for any."""

    unread: tuple[str, ...] = ()
    """Matches this reader does not understand, as printed."""


class Ruleset(Struct, frozen=True, kw_only=True):
    """One printed ruleset."""

    file: str
    rules: tuple[Rule, ...]
    policies: tuple[tuple[str, str, Decision], ...]
    """(table, chain, policy) of each base chain."""

    vantage: str | None = None
    """Whose filter it is, `client` and `server` among them, as its file's name or the user says; None where nobody
    does: then it is a firewall's."""
