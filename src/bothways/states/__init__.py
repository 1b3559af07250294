"""What hosts and firewalls say becomes evidence. One more format is one more file here and one more line below."""

from collections.abc import Callable

from bothways.evidence.attempt import AttemptLog
from bothways.evidence.case import Kind
from bothways.evidence.counters import CounterLog
from bothways.evidence.echo import EchoLog
from bothways.evidence.flow import FlowLog
from bothways.evidence.inventory import Inventory
from bothways.evidence.logged_packet import PacketLog
from bothways.evidence.manifest import Manifest
from bothways.evidence.reading import Reading
from bothways.evidence.rule import Ruleset
from bothways.evidence.session import SessionLog
from bothways.evidence.socket import SocketList
from bothways.states import (
    check_log,
    conntrack,
    conntrack_stats,
    curl_log,
    firewall_log,
    inventory,
    lab_records,
    manifest,
    netstat,
    nft,
    nstat,
    ping,
    ss,
    zeek,
)
from bothways.states.check_log import CheckRecords
from bothways.states.lab_records import LabRecord

Content = (
    SessionLog
    | Ruleset
    | AttemptLog
    | SocketList
    | CounterLog
    | PacketLog
    | FlowLog
    | EchoLog
    | Inventory
    | CheckRecords
    | Manifest
    | LabRecord
)

READERS: tuple[tuple[str, Kind, Callable[[str], bool], Callable[..., Reading[Content]]], ...] = (
    ("the manifest of a dossier", Kind.MANIFEST, manifest.recognises, manifest.read),
    ("the log of a check", Kind.CHECK, check_log.recognises, check_log.read),
    ("conntrack", Kind.SESSIONS, conntrack.recognises, conntrack.read),
    ("conntrack -S", Kind.COUNTERS, conntrack_stats.recognises, conntrack_stats.read),
    ("nftables ruleset", Kind.RULES, nft.recognises, nft.read),
    ("Zeek conn.log", Kind.FLOWS, zeek.recognises, zeek.read),
    ("curl log", Kind.ATTEMPTS, curl_log.recognises, curl_log.read),
    ("ss", Kind.SOCKETS, ss.recognises, ss.read),
    ("nstat", Kind.COUNTERS, nstat.recognises, nstat.read),
    ("netstat -s", Kind.COUNTERS, netstat.recognises, netstat.read),
    ("ping", Kind.ECHOES, ping.recognises, ping.read),
    ("a list of devices", Kind.INVENTORY, inventory.recognises, inventory.read),
    ("the lab's own records", Kind.BOOKKEEPING, lab_records.recognises, lab_records.read),
    # Last: one such line anywhere in a text makes it a log.
    ("firewall log", Kind.LOG, firewall_log.recognises, firewall_log.read),
)
"""Name for people, what it holds, whether a text is of this kind, and `read(text, file=...)`."""
