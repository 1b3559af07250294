"""Reading the counters of rules, as nft lists them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.lab.witnesses.rule_hits import MatchError, hits

LISTING = """\
table inet filter { # handle 3
	set blocked { # handle 9
		type ipv4_addr
		elements = { 192.0.2.1 counter packets 50 bytes 2000 }
	}

	counter named { # handle 11
		packets 60 bytes 3600
	}

	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
		meta l4proto { icmp, ipv6-icmp } counter packets 124 bytes 9392 accept # handle 2
		ct state established,related counter packets 35 bytes 24020 accept # handle 4
		meta l4proto tcp ct state invalid counter packets 43 bytes 12833 log prefix "invalid " drop # handle 5
		iifname "eth0" ct state new counter packets 7 bytes 420 accept comment "counter packets 9 bytes 9" # handle 6
		tcp dport vmap { 80 : accept, 443 : accept } # handle 7
		tcp dport 25 counter packets 8 bytes 480 limit rate 1/second counter packets 3 bytes 180 drop # handle 8
		tcp dport 26 counter name "named" drop # handle 12
	}

	chain prerouting { # handle 20
		type filter hook prerouting priority filter; policy accept;
		meta l4proto tcp ct state invalid counter packets 2 bytes 80 reject with tcp reset # handle 21
	}
}
"""


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("icmp", 124),
        ("ct state established,related", 35),
        ("ct state invalid", 43 + 2),
        ("ct state invalid counter reject", 2),
        ("ct state invalid counter log", 43),
        ('iifname "eth0" ct state new counter accept', 7),
        ("tcp dport 25", 3),
        ("ct state", 35 + 43 + 7 + 2),
    ],
)
def test_the_rules_with_these_words_are_added_up(match: str, expected: int) -> None:
    assert hits(LISTING, match) == expected


@pytest.mark.parametrize(
    "match",
    [
        "ct state untracked",
        "packets 43",
        "hook forward",
        "policy drop",
        "elements",
        "handle 5",
        "chain forward",
        "blocked",
        "packets 60",
    ],
)
def test_words_of_no_rule_are_an_error_and_no_zero(match: str) -> None:
    with pytest.raises(MatchError, match="no rule holds"):
        hits(LISTING, match)


@pytest.mark.parametrize("match", ["tcp dport vmap", "tcp dport", "tcp dport 26"])
def test_a_rule_that_does_not_count_is_an_error(match: str) -> None:
    with pytest.raises(MatchError, match="has no counter of its own"):
        hits(LISTING, match)


def test_an_empty_ruleset_has_no_rule() -> None:
    with pytest.raises(MatchError):
        hits("", "drop")


@given(counts=st.lists(st.tuples(st.integers(0, 2**64 - 1), st.booleans()), min_size=1))
def test_every_rule_counts_once(counts: list[tuple[int, bool]]) -> None:
    lines = (
        f"\t\ttcp dport {'80' if wanted else '81'} counter packets {packets} bytes {packets} drop # handle {number}"
        for number, (packets, wanted) in enumerate(counts)
    )
    listing = "\n".join(("table ip t { # handle 1", "\tchain c { # handle 1", *lines, "\t}", "}", ""))
    expected = sum(packets for packets, wanted in counts if wanted)
    if any(wanted for _, wanted in counts):
        assert hits(listing, "dport 80") == expected
    else:
        with pytest.raises(MatchError):
            hits(listing, "dport 80")
