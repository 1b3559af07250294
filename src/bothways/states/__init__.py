"""What hosts and firewalls say becomes evidence. One more format is one more file here and one more line below."""

from collections.abc import Callable

from bothways.evidence.attempt import AttemptLog
from bothways.evidence.case import Kind
from bothways.evidence.reading import Reading
from bothways.evidence.rule import Ruleset
from bothways.evidence.session import SessionLog
from bothways.states import conntrack, curl_log, nft

Content = SessionLog | Ruleset | AttemptLog

READERS: tuple[tuple[str, Kind, Callable[[str], bool], Callable[..., Reading[Content]]], ...] = (
    ("conntrack", Kind.SESSIONS, conntrack.recognises, conntrack.read),
    ("nftables ruleset", Kind.RULES, nft.recognises, nft.read),
    ("curl log", Kind.ATTEMPTS, curl_log.recognises, curl_log.read),
)
"""Name for people, what it holds, whether a text is of this kind, and `read(text, file=...)`."""
