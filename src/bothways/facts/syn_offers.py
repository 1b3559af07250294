"""What a SYN offers, and whether a filter's rule asks for it.

ECN is no option but two flags (RFC 3168 section 6.1.1), and devices dislike it in the same way.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bothways.evidence.rule import Rule
from bothways.evidence.segment import Flags, Segment
from bothways.facts.subject import Subject
from bothways.wire.tcp import FAST_OPEN, MULTIPATH, option_name

_ECN_SETUP = Flags.ECE | Flags.CWR

_COOKIE_REQUEST = 2
"""Length of a Fast Open option that asks for a cookie and bears none (RFC 7413 section 4.1.1)."""

_BY_NFT: Mapping[str, str] = MappingProxyType(
    {
        "maxseg": "an MSS",
        "window": "window scaling",
        "sack-perm": "SACK",
        "timestamp": "timestamps",
        "ecn": "ECN",
        "fastopen": option_name(FAST_OPEN),
        "mptcp": option_name(MULTIPATH),
    }
)
"""Options as nft(8) names them ("EXTENSION HEADER EXPRESSIONS"), and as `offers` does."""


def offers(syn: Segment) -> frozenset[str]:
    """What *syn* offers, in words that a sentence can bear. It must not be cut off."""
    options = syn.options
    borne = {
        "an MSS": options.mss is not None,
        "window scaling": options.window_scale is not None,
        "SACK": options.sack_permitted,
        "timestamps": options.ts_value is not None,
        "ECN": syn.flags & _ECN_SETUP == _ECN_SETUP,
        "data": syn.payload > 0,
    }
    cookies = {"a Fast Open cookie" for kind, size in options.others if kind == FAST_OPEN and size > _COOKIE_REQUEST}
    others = {option_name(kind) for kind, _ in options.others}
    return frozenset(name for name, there in borne.items() if there) | others | cookies


def always_offered(subject: Subject) -> frozenset[str]:
    """What all SYNs in view of the failed connections offer; nothing where one of them is cut off, or none is seen."""
    syns = [syn for item in subject.exemplars for seen in item.seen for syn in seen.there if syn.is_syn]
    if not syns or any(syn.options.cut for syn in syns):
        return frozenset()
    return frozenset.intersection(*(offers(syn) for syn in syns))


def is_about(rule: Rule, offered: frozenset[str]) -> bool:
    """Whether every option that *rule* asks for is among those *offered*; so for a rule that asks for none."""
    return all(_BY_NFT.get(name) in offered for name in rule.tcp_options)
