"""One rule of an nftables chain, word by word (nft(8), "EXPRESSIONS" and "STATEMENTS").

What is not understood is kept in the rule's `unread`, up to the next word that starts something known: such a rule
matches less than the rest of it says, and readers of the record must know.
"""

import re

from msgspec import Struct, field

from bothways.evidence.report_lines import escaped
from bothways.evidence.rule import Decision, Rule
from bothways.states import nft_values
from bothways.states.nft_statements import Statement

LONGEST_RULE = 10_000
"""Characters of a rule that are kept as its text; its sets are kept in full."""

_WORD = re.compile(r'"[^"]*"?|\{[^}]*\}?|[^\s"{}]+|\}')

# fmt: off
MATCHES = frozenset({
    "ip", "ip6", "tcp", "udp", "ct", "meta", "iif", "iifname", "oif", "oifname", "th", "icmp", "icmpv6", "igmp",
    "ether", "vlan", "arp", "fib", "socket", "osf", "rt", "ipsec", "exthdr", "frag", "hbh", "dst", "mh", "srh",
    "dccp", "sctp", "udplite", "esp", "ah", "comp", "numgen", "jhash", "symhash", "limit", "quota"
})
"""Words that start a match."""

STATEMENTS = frozenset({
    "counter", "log", "accept", "drop", "reject", "queue", "jump", "goto", "return", "continue", "comment",
    "masquerade", "snat", "dnat", "redirect", "notrack", "synproxy", "flow", "dup", "fwd", "add", "update",
    "delete", "tproxy"
})
"""Words that start a statement."""
# fmt: on

JOINS = frozenset({".", "set", "!=", "==", "<", ">", "<=", ">=", "&", "|", "^", "/", "type", "code", "status"})
"""Words after which a value follows, even one that looks like a keyword: `icmp type redirect`."""

LOG_OPTIONS = frozenset({"prefix", "level", "group", "snaplen", "queue-threshold", "flags"})
ECN_SETUP = {"ecn", "cwr"}
INTERFACES = frozenset({"iif", "iifname", "oif", "oifname"})


class _Words(Struct):
    """The words of a rule and how far they were read."""

    words: list[str]
    at: int = 0

    def peek(self, ahead: int = 0) -> str:
        """The word *ahead* of the next one; empty at the end."""
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def take(self, count: int = 1) -> list[str]:
        """Read *count* words, or as many as there are."""
        taken = self.words[self.at : self.at + count]
        self.at += count
        return taken

    def value(self) -> str:
        """Read one value: a word or a set, also `a, b`."""
        taken = self.take()
        while taken and taken[-1].endswith(",") and self.peek():
            taken += self.take()
        return "".join(taken)

    def match(self) -> str:
        """Read one match of any kind: to the next statement, or to the next match once this one has its value."""
        start = self.at
        self.at += 1
        enough = start + (2 if self.words[start] in INTERFACES else 3)
        while self.peek():
            if self.words[self.at - 1] not in JOINS and (
                self.peek() in STATEMENTS or (self.peek() in MATCHES and self.at >= enough)
            ):
                break
            self.at += 1
        return " ".join(self.words[start : self.at])

    def statement(self) -> str:
        """Read one statement of any kind, with values that look like matches (`snat ip to ...`)."""
        start = self.at
        self.at += 1
        while self.peek() and self.peek() not in STATEMENTS:
            self.at += 1
        return " ".join(self.words[start : self.at])


class _Draft(Struct):
    """The rule as far as it was read; names as in the record."""

    decision: Decision = Decision.CONTINUE
    packets: int | None = None
    bytes: int | None = None
    addresses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Prefixes by `saddr` and `daddr`."""

    negated: set[str] = field(default_factory=set)
    states: frozenset[str] = frozenset()
    protocols: frozenset[str] = frozenset()
    ports: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """Ranges by `sport` and `dport`."""

    tcp_flags: str | None = None
    tcp_options: set[str] = field(default_factory=set)
    interfaces: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    implied: str | None = None
    """Protocol that a match on ports, flags or types takes for granted."""


def rule(statement: Statement, hook: str | None) -> Rule:
    """The rule that *statement* is, in a chain that is called at *hook*."""
    words, draft = _Words(_WORD.findall(statement.text)), _Draft()
    while words.peek():
        if words.peek() in STATEMENTS:
            _statement(words, draft)
            continue
        start = words.at
        if not _match(words, draft):
            words.at = start
            _unread(words.match(), draft)
    implied = frozenset({draft.implied}) if draft.implied else frozenset()
    return Rule(
        line=statement.line,
        text=escaped(statement.text, LONGEST_RULE),
        table=escaped(statement.table),
        chain=escaped(statement.chain),
        hook=hook,
        decision=draft.decision,
        packets=draft.packets,
        bytes=draft.bytes,
        destinations=draft.addresses.get("daddr", ()),
        sources=draft.addresses.get("saddr", ()),
        destinations_negated="daddr" in draft.negated,
        sources_negated="saddr" in draft.negated,
        states=draft.states,
        protocols=draft.protocols or implied,
        destination_ports=draft.ports.get("dport", ()),
        source_ports=draft.ports.get("sport", ()),
        tcp_flags=draft.tcp_flags,
        tcp_options=frozenset(draft.tcp_options),
        interfaces=tuple(draft.interfaces),
        unread=tuple(draft.unread),
    )


def _unread(text: str, draft: _Draft) -> None:
    """Keep a match that is not understood; `meta mark set 1` is no match but changes the packet."""
    if " set " not in text:
        draft.unread.append(escaped(text, LONGEST_RULE))


def _match(words: _Words, draft: _Draft) -> bool:
    """Read one match into *draft*; False where it is not understood, and then nothing of it is kept."""
    head, key = words.peek(), words.peek(1)
    if head in INTERFACES or (head == "meta" and key in INTERFACES):
        return _interface(words, draft)
    if head in {"ip", "ip6"} and key in {"saddr", "daddr"}:
        return _address(words, draft)
    if (head, key) in {("ip", "protocol"), ("ip6", "nexthdr"), ("meta", "l4proto")}:
        words.take(2)
        found = nft_values.protocols(words.value())
        draft.protocols, fresh = draft.protocols or found or frozenset(), not draft.protocols
        return found is not None and fresh
    if head == "ct":
        return _tracked(words, draft)
    if head in {"tcp", "udp", "icmp", "icmpv6"}:
        return _transport(words, draft)
    return False


def _interface(words: _Words, draft: _Draft) -> bool:
    if words.peek() == "meta":
        words.take()
    (key,) = words.take()
    names = [one.strip('"') for one in nft_values.elements(words.value())]
    if not names or any(not name or name.startswith(("!", "@", "<", ">", "=", "vmap", "&", ".")) for name in names):
        return False
    draft.interfaces += [escaped(f"{key} {name}") for name in names]
    return True


def _tracked(words: _Words, draft: _Draft) -> bool:
    key = words.peek(1)
    words.take(2)
    if key == "direction":
        # Whatever the opener of a connection sends is `original`, and every client of ours is one.
        return words.value() == "original"
    if key != "state":
        return False
    if words.peek() == "in":
        words.take()
    states = nft_values.states(words.value())
    draft.states, fresh = draft.states or states or frozenset(), not draft.states
    return states is not None and fresh


def _address(words: _Words, draft: _Draft) -> bool:
    _, key = words.take(2)
    negated = words.peek() == "!="
    if negated:
        words.take()
    prefixes = nft_values.prefixes(words.value())
    if prefixes is None or key in draft.addresses:
        return False
    draft.addresses[key] = prefixes
    if negated:
        draft.negated.add(key)
    return True


def _transport(words: _Words, draft: _Draft) -> bool:
    protocol, key = words.peek(), words.peek(1)
    draft.implied = draft.implied or protocol
    if protocol == "tcp" and key == "flags":
        return _flags(words.match().removeprefix("tcp flags "), draft)
    if protocol == "tcp" and key == "option":
        return _option(words, draft)
    if protocol not in {"tcp", "udp"} or key not in {"sport", "dport"} or key in draft.ports:
        return False
    words.take(2)
    ports = nft_values.ports(words.value())
    if ports is not None:
        draft.ports[key] = ports
    return ports is not None


def _flags(text: str, draft: _Draft) -> bool:
    """One match on flags, and beside it one on the two by which a SYN offers ECN (RFC 3168 section 6.1.1)."""
    if set(re.findall("[a-z]+", text)) == ECN_SETUP and "!" not in text:
        draft.tcp_options.add("ecn")
        return True
    if draft.tcp_flags is not None:
        return False
    draft.tcp_flags = escaped(text)
    return True


def _option(words: _Words, draft: _Draft) -> bool:
    """`tcp option timestamp exists`; what is asked of an option's value is not read."""
    _, _, name, asks = (*words.take(4), "", "", "")[:4]
    if asks != "exists":
        return False
    draft.tcp_options.add(escaped(name))
    return True


def _statement(words: _Words, draft: _Draft) -> None:
    match words.peek():
        case "accept" | "drop" as verdict:
            words.take()
            draft.decision = Decision(verdict)
        case "reject":
            words.take()
            draft.decision = _rejection(words)
        case "counter":
            words.take()
            _counter(words, draft)
        case "log":
            words.take()
            while words.peek() in LOG_OPTIONS:
                words.take(2)
        case "jump" | "goto" | "comment" | "flow" as word:
            words.take(3 if word == "flow" else 2)
        case "add" | "update":
            text = words.match()
            # A set that is filled by packets can carry a rate, and then only packets beyond it match.
            if re.search(r"\b(?:limit|ct count|quota)\b", text):
                _unread(text, draft)
        case _:
            words.statement()


def _rejection(words: _Words) -> Decision:
    """`reject` alone answers with ICMP port-unreachable (nft(8), "REJECT STATEMENT")."""
    if words.peek() != "with":
        return Decision.REJECT_ICMP
    words.take()
    if words.peek() == "tcp":
        words.take(2)
        return Decision.REJECT_RESET
    words.take(3 if words.peek(1) == "type" else 2)
    return Decision.REJECT_ICMP


def _counter(words: _Words, draft: _Draft) -> None:
    if words.peek() == "name":
        words.take(2)
    elif words.peek() == "packets" and words.peek(2) == "bytes":
        _, packets, _, octets = (*words.take(4), "")[:4]
        if re.fullmatch(r"\d{1,20}", packets, re.ASCII) and re.fullmatch(r"\d{1,20}", octets, re.ASCII):
            draft.packets, draft.bytes = int(packets), int(octets)
