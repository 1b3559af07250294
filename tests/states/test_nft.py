"""Rulesets as nft(8) documents them; samples/ruleset.nft.txt was printed by `nft -a list ruleset` of nftables 1.0.6."""

from pathlib import Path

import pytest
from hypothesis import given
from msgspec.structs import asdict

from bothways.evidence.rule import Decision, Rule
from bothways.states import nft
from tests.helpers.mangled import mangled

LISTING = (Path(__file__).parent / "samples" / "ruleset.nft.txt").read_text(encoding="utf-8")


def rules(*written: str) -> list[Rule]:
    body = "\n".join(f"\t\t{one}" for one in written)
    text = f"table inet filter {{\n\tchain forward {{\n\t\ttype filter hook forward priority 0;\n{body}\n\t}}\n}}\n"
    reading = nft.read(text, file="x")
    assert not reading.problems
    return list(reading.content.rules)


def told(rule: Rule) -> dict[str, object]:
    """What a rule says beyond nothing."""
    return {
        key: value for key, value in asdict(rule).items() if value and key not in {"line", "text", "table", "chain"}
    }


def test_a_listing_is_recognised() -> None:
    assert nft.recognises("\ufeff# nft list ruleset\r\n# a remark\r\n" + LISTING.replace("\n", "\r\n"))
    assert nft.recognises("table ip6 nat {\n}")


@pytest.mark.parametrize("text", ["", "chain x {", "x\ntable inet filter {", "add table inet filter"])
def test_other_text_is_not_claimed(text: str) -> None:
    assert not nft.recognises(text)


def test_rules_know_their_place() -> None:
    reading = nft.read(LISTING, file="x")
    assert not reading.problems
    assert reading.content.policies == (
        ("inet filter", "forward", Decision.DROP),
        ("ip nat", "post", Decision.ACCEPT),
    )
    lines = LISTING.splitlines()
    for rule in reading.content.rules:
        assert lines[rule.line - 1].strip().startswith(rule.text)
    assert [(rule.table, rule.chain, rule.hook) for rule in reading.content.rules][:2] == [
        ("inet filter", "other", None),
        ("inet filter", "forward", "forward"),
    ]
    assert len(reading.content.rules) == LISTING.count(" # handle ") - 10


@pytest.mark.parametrize(
    ("written", "decision"),
    [
        ("accept", Decision.ACCEPT),
        ("drop", Decision.DROP),
        ("reject", Decision.REJECT_ICMP),
        ("reject with icmp admin-prohibited", Decision.REJECT_ICMP),
        ("reject with icmp type host-unreachable", Decision.REJECT_ICMP),
        ("reject with icmpx admin-prohibited", Decision.REJECT_ICMP),
        ("reject with tcp reset", Decision.REJECT_RESET),
        ("queue flags bypass to 1-3", Decision.CONTINUE),
        ('log prefix "fw drop " level info', Decision.CONTINUE),
        ("jump other", Decision.CONTINUE),
        ("goto other", Decision.CONTINUE),
        ("return", Decision.CONTINUE),
        ("counter", Decision.CONTINUE),
        ("snat to 192.0.2.1", Decision.CONTINUE),
        ("meta mark set ct mark", Decision.CONTINUE),
        ("flow add @fast", Decision.CONTINUE),
        ('accept comment "drop"', Decision.ACCEPT),
    ],
)
def test_decisions(written: str, decision: Decision) -> None:
    (rule,) = rules(written)
    assert (rule.decision, rule.unread, rule.packets) == (decision, (), None)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ip daddr 203.0.113.2", {"destinations": ("203.0.113.2/32",)}),
        ("ip daddr 203.0.0.0/16", {"destinations": ("203.0.0.0/16",)}),
        ("ip saddr != 10.0.0.0/8", {"sources": ("10.0.0.0/8",), "sources_negated": True}),
        ("ip6 daddr { 2001:db8::1, 2001:db8:1::/48 }", {"destinations": ("2001:db8::1/128", "2001:db8:1::/48")}),
        ("ip daddr 10.0.0.1-10.0.0.2", {"destinations": ("10.0.0.1/32", "10.0.0.2/32")}),
        ("ip6 daddr 2001:db8::-2001:db8::1", {"destinations": ("2001:db8::/127",)}),
        ("ip daddr @blocked", {"unread": ("ip daddr @blocked",)}),
        ("ip daddr 10.0.0.9-10.0.0.1", {"unread": ("ip daddr 10.0.0.9-10.0.0.1",)}),
        ("ip daddr 10.0.0.1-2001:db8::1", {"unread": ("ip daddr 10.0.0.1-2001:db8::1",)}),
        ("ip daddr & 255.0.0.0 == 10.0.0.0", {"unread": ("ip daddr & 255.0.0.0 == 10.0.0.0",)}),
        ("ip daddr 10.0.0.1 ip daddr 10.0.0.2", {"destinations": ("10.0.0.1/32",), "unread": ("ip daddr 10.0.0.2",)}),
        ("ct state established,related", {"states": frozenset({"established", "related"})}),
        ("ct state { new, untracked }", {"states": frozenset({"new", "untracked"})}),
        ("ct state in established, related", {"states": frozenset({"established", "related"})}),
        ("ct state established ct direction original", {"states": frozenset({"established"})}),
        ("ct state != invalid", {"unread": ("ct state != invalid",)}),
        ("ct state vmap { new : drop }", {"unread": ("ct state vmap { new : drop }",)}),
        ("meta l4proto { 6, udp }", {"protocols": frozenset({"tcp", "udp"})}),
        ("ip protocol icmp", {"protocols": frozenset({"icmp"})}),
        ("ip6 nexthdr ipv6-icmp", {"protocols": frozenset({"icmpv6"})}),
        ("ip protocol != tcp", {"unread": ("ip protocol != tcp",)}),
        ("tcp dport 443", {"protocols": frozenset({"tcp"}), "destination_ports": ((443, 443),)}),
        ("udp sport { 53, 1000-2000 }", {"protocols": frozenset({"udp"}), "source_ports": ((53, 53), (1000, 2000))}),
        ("tcp dport != 22", {"protocols": frozenset({"tcp"}), "unread": ("tcp dport != 22",)}),
        ("tcp dport 99999", {"protocols": frozenset({"tcp"}), "unread": ("tcp dport 99999",)}),
        ("tcp flags & (fin|syn) == syn", {"protocols": frozenset({"tcp"}), "tcp_flags": "& (fin|syn) == syn"}),
        ("tcp option timestamp exists", {"protocols": frozenset({"tcp"}), "tcp_options": frozenset({"timestamp"})}),
        ("tcp flags ecn,cwr / ecn,cwr", {"protocols": frozenset({"tcp"}), "tcp_options": frozenset({"ecn"})}),
        (
            "tcp flags syn / syn,ack tcp flags & (ecn | cwr) == ecn | cwr",
            {"protocols": frozenset({"tcp"}), "tcp_flags": "syn / syn,ack", "tcp_options": frozenset({"ecn"})},
        ),
        ("tcp option maxseg size 536", {"protocols": frozenset({"tcp"}), "unread": ("tcp option maxseg size 536",)}),
        (
            "tcp flags syn tcp flags ! ecn,cwr",
            {"protocols": frozenset({"tcp"}), "tcp_flags": "syn", "unread": ("tcp flags ! ecn,cwr",)},
        ),
        ('iifname "v3b" oifname { "a", "b" }', {"interfaces": ("iifname v3b", "oifname a", "oifname b")}),
        ('meta iif "lo"', {"interfaces": ("iif lo",)}),
        ('iifname != "lo"', {"unread": ('iifname != "lo"',)}),
        ("limit rate 10/second burst 5 packets", {"unread": ("limit rate 10/second burst 5 packets",)}),
        ("ct direction reply", {"unread": ("ct direction reply",)}),
        ("counter packets 43 bytes 12833", {"packets": 43, "bytes": 12833}),
        ("meta protocol ip", {"unread": ("meta protocol ip",)}),
        ("icmp type redirect", {"protocols": frozenset({"icmp"}), "unread": ("icmp type redirect",)}),
        ("ct original ip saddr 10.0.0.1", {"unread": ("ct original ip saddr 10.0.0.1",)}),
        ("ct state new ct state related", {"states": frozenset({"new"}), "unread": ("ct state related",)}),
        ("ip protocol tcp meta l4proto udp", {"protocols": frozenset({"tcp"}), "unread": ("meta l4proto udp",)}),
        ("tcp dport ssh", {"protocols": frozenset({"tcp"}), "unread": ("tcp dport ssh",)}),
        ("counter packets x bytes y", {}),
        ('counter name "web"', {}),
    ],
)
def test_matches(written: str, says: dict[str, object]) -> None:
    (rule,) = rules(f"{written} drop")
    assert told(rule) == {"decision": Decision.DROP, "hook": "forward", **says}


def test_a_set_may_run_over_lines_and_rules_may_share_one() -> None:
    first, second = rules("ip daddr { 10.0.0.1, # one\n 10.0.0.2 } drop; accept")
    assert first.destinations == ("10.0.0.1/32", "10.0.0.2/32")
    assert (second.decision, second.line) == (Decision.ACCEPT, 5)


def test_ranges_that_would_fill_memory_are_not_understood() -> None:
    (rule,) = rules(f"ip6 daddr {{ {', '.join(['::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe'] * 5000)} }} drop")
    assert not rule.destinations
    assert rule.unread


def test_a_cut_line_tells_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nft, "LONGEST_LINE", 100)
    monkeypatch.setattr("bothways.states.nft_statements.LONGEST_LINE", 100)
    reading = nft.read("table ip x {\n chain c {\n  " + "ip saddr 192.0.2.1 " * 9 + "\n }\n}\n", file="x")
    assert reading.problems[0].says.startswith("longer than 100 characters")


def test_a_chain_without_a_policy_accepts() -> None:
    text = "table ip f {\nchain i {\ntype filter hook input priority 0;\n}\n}\n"
    assert nft.read(text, file="x").content.policies == (("ip f", "i", Decision.ACCEPT),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("table ip f {\nchain i {\n", "breaks off"),
        ("table ip f {\n}\n}\n", "not opened"),
        ("define x = 3\n", "outside of all tables"),
        ("chain i {\n}\n", "outside of all tables"),
        ("table ip f {\nchain i {\nip daddr { " + "1.2.3.4, " * 500_000 + "}\n}\n}\n", "longer"),
    ],
)
def test_what_is_not_understood_is_named(text: str, says: str) -> None:
    assert any(says in problem.says for problem in nft.read(text, file="x").problems)


@given(mangled(LISTING))
def test_nothing_makes_it_fall(text: str) -> None:
    nft.recognises(text)
    reading = nft.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(rule.text.isprintable() for rule in reading.content.rules)
