"""Whether a filter on the way drops what the server sends, whatever connection tracking thinks of it."""

from enum import StrEnum

from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.rule_match import as_read, dropping, meets, syn_ack
from bothways.facts.subject import Subject
from bothways.way import Way


class ReplyDrops(StrEnum):
    """What filters on the way did to the server's packets."""

    BY_ADDRESS = "by-address"
    """A rule that names the server's address or port dropped packets of any state."""
    NONE = "none"
    """They count, and no such rule has dropped anything."""


REPLY_RULE = Kind(
    id="reply-rule",
    asks="Did a rule of a filter on the way drop what the server sends, whatever its state?",
    family="reply-rule",
    answers=ReplyDrops,
)

_HOOKS = frozenset({"forward", "prerouting", "postrouting", "ingress"})


def reply_rule(subject: Subject) -> Fact:
    """The rule that dropped most among those that can take the server's SYN+ACK for its address or port."""
    rulesets = [ruleset for ruleset in subject.rules if ruleset.vantage not in {"client", "server"}]
    if not any(rule.packets is not None for ruleset in rulesets for rule in ruleset.rules):
        return unknown(REPLY_RULE, "no ruleset of a filter on the way with counters is at hand")
    # Whether the client's address is translated here is not known, so that it matches any.
    reply = syn_ack(None, subject.server, _HOOKS)
    hits = [
        (ruleset.file, rule)
        for ruleset in rulesets
        for rule in dropping(ruleset)
        if (rule.sources or rule.source_ports) and not rule.states and meets(ruleset, rule, reply)
    ]
    if hits:
        file, rule = max(hits, key=lambda hit: hit[1].packets or 0)
        says = f"a rule that asks `{rule.text}` dropped {rule.packets} packets"
        cites = (Citation(file=file, line=rule.line),)
        return Fact(
            kind=REPLY_RULE, answer=ReplyDrops.BY_ADDRESS, says=says, way=Way.BACK, vantage="firewall", cites=cites
        )
    read = [as_read(ruleset) for ruleset in rulesets]
    riddles = [(ruleset, rule) for ruleset in read for rule in dropping(ruleset) if rule.sources and not rule.states]
    if any(meets(ruleset, rule, reply) for ruleset, rule in riddles):
        return unknown(REPLY_RULE, "a rule that dropped packets asks for more than is understood")
    says = "no rule that names the server's address or port as the sender's has dropped anything"
    cites = (Citation(file=rulesets[0].file),)
    # It may be the ruleset of another device.
    return Fact(
        kind=REPLY_RULE,
        answer=ReplyDrops.NONE,
        says=says,
        way=Way.BACK,
        vantage="firewall",
        cites=cites,
        decisive=False,
    )
