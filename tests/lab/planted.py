"""What must be seen of each planted fault, found in a run's evidence without the lab's own signs.

The packets are tshark's reading. A packet is followed from capture to capture by its connection, sequence number and
payload: no address translation stands between the two sides of the firewall, and the server's captures are asked for
what is in them, not for whom it came from.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.tshark import Packet, packets

INSIDE, OUTSIDE = "firewall-inside", "firewall-outside"


@dataclass(frozen=True)
class Run:
    """The evidence of one run."""

    folder: Path

    @property
    def truth(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "truth.json").read_text())
        return told

    def at(self, vantage: str) -> tuple[Packet, ...]:
        return packets(self.folder / f"{vantage}.pcap")

    def there(self, vantage: str, port: int | None = None) -> list[Packet]:
        """TCP to the server, without the SYNs of path tools and what the client's kernel says to their answers."""
        server = self.truth["server"]
        seen = [packet for packet in self.at(vantage) if packet.is_tcp and packet.target == server]
        opened = {packet.port for packet in seen if packet.opens or (not packet.is_syn and not packet.is_reset)}
        return [packet for packet in seen if packet.port in opened and port in {None, packet.to_port}]

    def back(self, vantage: str, port: int | None = None) -> list[Packet]:
        """TCP from the server, on connections that were not a path tool's."""
        server = self.truth["server"]
        seen = [packet for packet in self.at(vantage) if packet.is_tcp and packet.source == server]
        clients = {packet.port for packet in self.there("client")}
        return [packet for packet in seen if packet.to_port in clients and port in {None, packet.port}]

    def hits(self, words: str, node: str = "firewall") -> int:
        """How often rules with these words were hit."""
        text = (self.folder / f"{node}.nft.txt").read_text()
        return sum(int(re.findall(r"packets (\d+)", line)[0]) for line in text.splitlines() if words in line)

    def failed(self) -> list[dict[str, Any]]:
        return [line for line in self.visits() if line["ended"] != "done"]

    def visits(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "connections.log").read_text().splitlines()]


def identities(seen: Iterable[Packet]) -> Counter[tuple[int, int, int, int, int]]:
    return Counter((packet.port, packet.to_port, packet.sequence, packet.flags, packet.payload) for packet in seen)


def later(seen: Iterable[Packet]) -> list[Packet]:
    return [packet for packet in seen if not packet.is_syn and not packet.is_syn_ack and not packet.is_reset]


def asymmetric_bypass(run: Run) -> None:
    assert not run.back(OUTSIDE)
    assert all(packet.is_reset for packet in run.back(INSIDE)), "made by the firewall itself"
    assert any(packet.is_syn_ack for packet in run.back("client"))
    came, left = run.there(INSIDE), run.there(OUTSIDE)
    dropped = [packet for packet in came if not packet.is_syn]
    assert dropped
    assert identities(came) - identities(left) == identities(dropped), "all but SYNs died in the firewall"
    assert run.hits("ct state invalid") == len(dropped), "each by the rule against what fits no connection"
    assert "UNREPLIED" in (run.folder / "firewall.conntrack-list.txt").read_text()
    if run.truth["answer"] == "reset":
        resets = [packet for packet in run.back("client") if packet.is_reset]
        server_ttl = {packet.ttl for packet in run.back("client") if packet.is_syn_ack}
        assert resets
        assert all(packet.ttl > max(server_ttl) for packet in resets), "from nearer than the server"


def asymmetric_reply_through_firewall(run: Run) -> None:
    assert not run.there(INSIDE)
    assert not run.there(OUTSIDE)
    replies = run.back(OUTSIDE)
    assert replies
    assert all(packet.is_syn_ack for packet in replies)
    assert not run.back(INSIDE)
    assert run.hits("ct state invalid") >= len(replies)


def firewall_pair_unsynchronised(run: Run) -> None:
    assert run.there(OUTSIDE)
    assert not run.back(OUTSIDE)
    assert not run.there("firewall-2-outside")
    replies = run.back("firewall-2-outside")
    assert any(packet.is_syn_ack for packet in replies)
    assert not run.back("firewall-2-inside")
    assert run.hits("ct state invalid", "firewall-2") >= len(replies)
    assert "UNREPLIED" in (run.folder / "firewall.conntrack-list.txt").read_text()


def state_table_full(run: Run) -> None:
    port = run.truth["port"]
    came = run.there(INSIDE, port)
    assert {packet.is_syn for packet in came} == {True}
    assert not run.there(OUTSIDE, port)
    assert run.hits("ct count over") >= len(came)
    held = (run.folder / "firewall.conntrack-list.txt").read_text()
    assert held.count("[ASSURED]") >= 6, "of connections that are open, or have just ended"


def stale_tuple(run: Run) -> None:
    (failed,) = run.failed()
    mine = [packet for packet in run.there("client", run.truth["port"]) if packet.port == failed["port"]]
    starts = {packet.sequence for packet in mine if packet.is_syn}
    assert len(starts) == 2, "two connections of the same ports"
    answers = [packet for packet in run.back("client", run.truth["port"]) if packet.to_port == failed["port"]]
    assert sum(packet.is_syn_ack for packet in answers) == 1, "only the first was taken"
    arrived = [packet for packet in run.there("server", run.truth["port"]) if packet.port == failed["port"]]
    again = {packet.sequence for packet in arrived if packet.is_syn}
    assert len(again) == (1 if run.truth["parameters"]["holder"] == "firewall" else 2)


def established_outbound_drop(run: Run) -> None:
    came, left = run.there(INSIDE), run.there(OUTSIDE)
    assert any(packet.is_syn_ack for packet in run.back(INSIDE))
    assert identities(came) - identities(left) == identities(later(came))
    words = "ct direction original" if run.truth["parameters"]["rule"] == "state" else "tcp flags"
    assert run.hits(words) >= len(later(came)) > 0


def destination_blocked(run: Run) -> None:
    came = run.there(INSIDE)
    assert came
    assert not run.there(OUTSIDE)
    assert run.hits(" daddr ") >= len(came)
    prohibited = (1, 1) if ":" in run.truth["client"] else (3, 13)
    errors = [packet for packet in run.at("client") if packet.icmp == prohibited]
    match run.truth["answer"]:
        case "silent":
            assert not run.back("client")
            assert not errors
        case "reset":
            assert {packet.is_reset for packet in run.back("client")} == {True}
        case "icmp":
            assert {packet.source for packet in errors} <= set(run.truth["firewall"])
            assert len(errors) >= 4


def source_blocked(run: Run) -> None:
    client = run.truth["client"]
    came = [packet for packet in run.there(INSIDE) if packet.source == client]
    assert len(came) >= 4
    assert not [packet for packet in run.back("client") if packet.is_syn_ack]
    answers = [packet for packet in run.at(OUTSIDE) if packet.is_tcp and packet.source == run.truth["server"]]
    others = {packet.target for packet in answers if packet.is_syn_ack} - {client}
    assert others, "the neighbour is answered"
    if run.truth["parameters"]["at"] == "firewall":
        assert not [packet for packet in run.there(OUTSIDE) if packet.source == client]
        assert run.hits(" saddr ") >= len(came)


def sni_filtered(run: Run) -> None:
    name, port = run.truth["name"], run.truth["port"]
    assert sum(packet.name == name for packet in run.there(OUTSIDE, port)) >= 3
    arrived = run.there("server", port)
    assert name not in {packet.name for packet in arrived}
    assert "" in {packet.name for packet in later(arrived)}
    assert any(packet.name not in {"", name} for packet in arrived), "another name passes"
    resets = [packet for packet in run.back("client", port) if packet.is_reset]
    assert bool(resets) == (run.truth["answer"] == "reset")


def mtu_black_hole(run: Run) -> None:
    there = run.truth["parameters"]["way"] == "there"
    sent, arrived = (run.there(OUTSIDE), run.there("server")) if there else (run.back("server"), run.back("client"))
    assert sum(packet.size > 1380 for packet in sent) >= 4, "resent, too"
    assert max(packet.size for packet in arrived) <= 1380
    assert any(packet.payload for packet in arrived)
    too_big = (2, 0) if ":" in run.truth["client"] else (3, 4)
    assert too_big not in {packet.icmp for packet in run.at("client" if there else "server")}


def accept_queue_overflow(run: Run) -> None:
    port = run.truth["port"]
    repeats = Counter(packet.to_port for packet in run.back("server", port) if packet.is_syn_ack)
    acknowledging = {packet.port for packet in later(run.there("server", port))}
    assert acknowledging == set(repeats), "every last ACK arrived"
    stuck = {client for client, times in repeats.items() if times > 1}
    served = {packet.to_port for packet in later(run.back("server", port))}
    assert len(set(repeats) - served) >= 4, "the kernel never acknowledged what they sent"
    assert bool(stuck) == (run.truth["parameters"]["cookies"] == "off")
    overflows = re.search(r"TcpExtListenOverflows\s+(\d+)", (run.folder / "server.nstat.txt").read_text())
    assert overflows
    assert int(overflows[1]) > 0


def server_ignores_syn(run: Run) -> None:
    port = run.truth["port"]
    syns = Counter(packet.port for packet in run.there("server", port) if packet.is_syn)
    answered = {packet.to_port for packet in run.back("server", port)}
    ignored = syns.keys() - answered
    assert len(ignored) >= 3
    assert all(syns[client] >= 2 for client in ignored), "they ask again"


def reply_lost(run: Run) -> None:
    assert {packet.port for packet in run.there("server") if packet.is_syn} == {
        packet.to_port for packet in run.back("server")
    }
    assert all(packet.is_syn_ack for packet in run.back("server"))
    assert not run.back(OUTSIDE)
    assert not run.back("client")


def client_refuses_reply(run: Run) -> None:
    offered = [packet for packet in run.back("client") if packet.is_syn_ack]
    assert {packet.to_port for packet in offered} == {packet.port for packet in run.there("client")}
    assert all(packet.is_syn for packet in run.there("client")), "it never takes one"
    filtered = run.truth["parameters"]["how"] == "filter"
    dropped = re.search(r"TcpExtIPReversePathFilter\s+(\d+)", (run.folder / "client.nstat.txt").read_text())
    assert dropped
    assert (int(dropped[1]) >= len(offered)) == (not filtered)
    assert not filtered or run.hits("tcp sport", "client") >= len(offered)


def host_refuses_ack(run: Run) -> None:
    port = run.truth["port"]
    failed = {visit["port"] for visit in run.failed()}
    came = [packet for packet in later(run.there("server", port)) if packet.port in failed]
    assert len(came) >= 12
    assert all(packet.is_syn_ack for packet in run.back("server", port) if packet.to_port in failed)
    wrong = re.search(r"TcpInCsumErrors\s+(\d+)", (run.folder / "server.nstat.txt").read_text())
    assert wrong
    if run.truth["parameters"]["how"] == "checksum":
        assert int(wrong[1]) >= len(came) // 2, "counted while connections hung"
    else:
        words = "ct count over" if run.truth["parameters"]["how"] == "full-table" else "tcp dport"
        assert run.hits(words, "server") >= len(came)
        assert int(wrong[1]) == 0


def random_loss(run: Run) -> None:
    """A share of what was sent is gone, close to what was told."""
    told, way = int(run.truth["parameters"]["percent"]) / 100, run.truth["parameters"]["way"]
    sent, arrived = identities(run.there(OUTSIDE)), identities(run.there("server"))
    share = (sent - arrived).total() / sent.total()
    assert share == 0 if way == "back" else 0.2 * told < share < min(4 * told, 0.7)
    # Counted in bytes: the server's own capture has segments that only its card would have cut.
    said, heard = (sum(packet.payload for packet in run.back(vantage)) for vantage in ("server", OUTSIDE))
    assert heard == said if way == "there" else heard < said


def path_member_fault(run: Run) -> None:
    port, back = run.truth["port"], run.truth["parameters"]["way"] == "back"
    asked = {packet.port for packet in run.there(OUTSIDE, port) if packet.opens}
    if back:
        came = {packet.to_port for packet in run.back(OUTSIDE, port) if packet.payload}
    else:
        came = {packet.port for packet in run.there("server", port) if packet.payload}
    assert 0 < len(came) < len(asked)
    fared = {(visit["port"], visit["ended"] == "done") for visit in run.visits() if 50_000 < visit["port"] < 51_000}
    assert len(fared) == len(asked), "each port fares alike each time"


def port_closed(run: Run) -> None:
    port = run.truth["port"]
    replies = run.back("server", port)
    assert len(replies) >= 3
    assert all(packet.is_reset for packet in replies)
    assert identities(replies) == identities(run.back("client", port))


def destination_unreachable(run: Run) -> None:
    kind = 1 if ":" in run.truth["client"] else 3
    errors = [packet for packet in run.at("client") if packet.icmp and packet.icmp[0] == kind]
    assert len(errors) >= 4
    assert {packet.source for packet in errors} <= set(run.truth["where"]["addresses"])
    assert not run.back("client")


def routing_loop(run: Run) -> None:
    parameters, addresses = run.truth["parameters"], run.truth["where"]["addresses"]
    back = parameters["way"] == "back"
    six = ":" in run.truth["client"]
    opened = {packet.port for packet in run.there("client") if packet.opens}
    errors = [packet for packet in run.at("server" if back else "client") if packet.icmp == ((3 if six else 11), 0)]
    around = [packet for packet in errors if packet.source in addresses]
    assert not run.back("client")
    assert back == any(packet.is_syn for packet in run.at("server"))
    if parameters["icmp"] == "delivered":
        assert len(around) >= len(opened)
        return
    if parameters["icmp"] == "filtered":
        assert run.hits("time-exceeded") >= len(opened)
        return
    assert not around
    server = run.truth["server"]
    circling = [packet for packet in run.at("transit") if packet.is_tcp and server in {packet.source, packet.target}]
    assert len({packet.ttl for packet in circling if packet.is_syn_ack == back}) >= 20


def state_expired(run: Run) -> None:
    port = run.truth["port"]
    came, left = run.there(INSIDE, port), run.there(OUTSIDE, port)
    worked = {packet.to_port for packet in run.back("client", port) if packet.payload}
    dropped = identities(packet for packet in came if packet.payload) - identities(left)
    died = {client for client, *_ in dropped}
    assert len(died) == 2
    assert died <= worked, "they had worked before"
    assert run.hits("ct state invalid") >= dropped.total()
    destroyed = (run.folder / "firewall.conntrack-events.txt").read_text().count("[DESTROY]")
    assert destroyed >= 2


def application_silent(run: Run) -> None:
    port = run.truth["port"]
    asked = {packet.port for packet in run.there("server", port) if packet.payload}
    acknowledged = {packet.to_port for packet in later(run.back("client", port))}
    assert len(asked) == 3
    assert asked <= acknowledged
    assert not [packet for packet in run.back("server", port) if packet.payload]


def syn_proxy(run: Run) -> None:
    port = run.truth["port"]
    answers = [packet for packet in run.back("client", port) if packet.is_syn_ack]
    assert len(answers) >= 3
    assert not run.back("server", port)
    assert {packet.to_port for packet in answers} <= {packet.port for packet in later(run.there("client", port))}
    arrived = {packet.is_syn for packet in run.there("server", port)}
    assert arrived == (set() if run.truth["parameters"]["how"] == "cut-off" else {True})


def sequence_rewritten(run: Run) -> None:
    port = run.truth["port"]
    left = {packet.port: packet.sequence for packet in run.there(OUTSIDE, port) if packet.is_syn}
    came = {packet.port: packet.sequence for packet in run.there("server", port) if packet.is_syn}
    assert left.keys() == came.keys()
    assert all(left[client] != came[client] for client in left)
    if run.truth["parameters"]["keeps"] == "blocks":
        assert run.hits("ct state invalid") >= 4
        assert {packet.port for packet in run.there("client", port)} == left.keys()
        return
    resets = {packet.port for packet in run.there("client", port) if packet.is_reset}
    assert resets == left.keys()


def option_sensitive(run: Run) -> None:
    port = run.truth["port"]
    asked = {packet.port for packet in run.there("client", port) if packet.opens}
    answered = {packet.to_port for packet in run.back("client", port) if packet.is_syn_ack}
    assert len(asked) == 4
    assert len(answered) == 1
    assert len(run.failed()) == 4


def window_mangled(run: Run) -> None:
    there = run.truth["parameters"]["way"] == "there"
    sent, arrived = (run.there(OUTSIDE), run.there("server")) if there else (run.back("server"), run.back("client"))
    passed: Counter[int] = Counter()
    for packet in arrived:
        passed[packet.port if there else packet.to_port] += packet.payload
    stuck = [size for size in passed.values() if 30_000 < size <= 65_535]
    assert len(stuck) == 2
    assert (identities(packet for packet in sent if packet.payload) - identities(arrived)).total() >= 4


def application_refused(run: Run) -> None:
    """Everything passes both ways, and nobody gets what he came for."""
    port, how = run.truth["port"], run.truth["parameters"]["how"]
    asked = {packet.port for packet in later(run.there("server", port))}
    assert len(asked) == 3
    assert len(run.failed()) == 3
    answered = {packet.to_port for packet in run.back("client", port) if packet.payload}
    assert answered == (set() if how in {"close", "reset"} else asked)
    assert identities(run.back("server", port)) == identities(run.back("client", port))
    resets = {packet.to_port for packet in run.back("server", port) if packet.is_reset}
    assert (resets == asked) == (how == "reset")


def receive_window_closed(run: Run) -> None:
    port = run.truth["port"]
    server = run.truth["parameters"]["who"] == "server"
    taken = run.there("server", port) if server else run.back("client", port)
    assert sum(packet.payload for packet in taken) > 1000
    assert len(run.failed()) == 2
    acknowledging = later(run.back("server", port) if server else run.there("client", port))
    assert len(acknowledging) >= 10, "each probe is answered"


def client_gone_or_spoofed(run: Run) -> None:
    port = run.truth["port"]
    seen = [packet for packet in run.at("server") if packet.is_tcp and packet.port == port and packet.is_syn_ack]
    counts = Counter(packet.to_port for packet in seen)
    # A path tool's probes are SYNs by hand, too.
    mine = {visit["port"] for visit in run.visits() if visit["does"] == "syn"}
    assert len(mine) == 3
    assert all(counts[client] >= 3 for client in mine)
    sent = [packet for packet in run.there("server", port) if packet.port in mine]
    assert sent
    assert all(packet.is_syn for packet in sent)


CHECKS: dict[str, Callable[[Run], None]] = {
    "asymmetric-bypass": asymmetric_bypass,
    "asymmetric-reply-through-firewall": asymmetric_reply_through_firewall,
    "established-outbound-drop": established_outbound_drop,
    "destination-blocked": destination_blocked,
    "sni-filtered": sni_filtered,
    "mtu-black-hole": mtu_black_hole,
    "accept-queue-overflow": accept_queue_overflow,
    "server-ignores-syn": server_ignores_syn,
    "reply-lost": reply_lost,
    "client-refuses-reply": client_refuses_reply,
    "host-refuses-ack": host_refuses_ack,
    "random-loss": random_loss,
    "port-closed": port_closed,
    "destination-unreachable": destination_unreachable,
    "path-member-fault": path_member_fault,
    "routing-loop": routing_loop,
    "source-blocked": source_blocked,
    "state-expired": state_expired,
    "state-table-full": state_table_full,
    "stale-tuple": stale_tuple,
    "firewall-pair-unsynchronised": firewall_pair_unsynchronised,
    "application-silent": application_silent,
    "application-refused": application_refused,
    "receive-window-closed": receive_window_closed,
    "client-gone-or-spoofed": client_gone_or_spoofed,
    "syn-proxy": syn_proxy,
    "sequence-rewritten": sequence_rewritten,
    "option-sensitive": option_sensitive,
    "window-mangled": window_mangled,
}
