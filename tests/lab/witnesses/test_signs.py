"""Signs of a fault, counted by readers that know nothing of this project."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.errors import InputError
from bothways.lab.model.scenario import Capture, Sign
from bothways.lab.witnesses.captures import recording
from bothways.lab.witnesses.signs import Observed, observe
from bothways.lab.world.waiting import until
from tests.lab.witnesses.little import conversation, knock, running

COUNTS = st.integers(0, 20)


@given(count=COUNTS, least=COUNTS, most=st.none() | COUNTS)
def test_a_count_is_within_its_bounds_both_included(count: int, least: int, most: int | None) -> None:
    sign = Sign(says="it happened", match="tcp", capture="client", at_least=least, at_most=most)
    assert Observed(sign=sign, count=count, how="").within == (
        count in range(least, 1000 if most is None else most + 1)
    )


@dataclass
class Case:
    sign: Sign
    says: str


CASES = [
    Case(Sign(says="neither", match="tcp"), "a capture or a ruleset"),
    Case(Sign(says="both", match="tcp", capture="client", ruleset="firewall"), "a capture or a ruleset"),
    Case(Sign(says="nowhere", match="tcp", capture="servant"), "no capture called servant"),
    Case(Sign(says="nobody", match="tcp", ruleset="fireplace"), "no node called fireplace"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sign.says)
def test_a_sign_that_points_nowhere_is_an_error(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"(?s)'{case.sign.says}' cannot be counted.*{case.says}"):
        observe([case.sign], tmp_path)


@pytest.mark.lab
def test_packets_and_rule_hits_of_a_planted_drop_are_counted() -> None:
    """A port that the firewall drops: the SYN reaches the firewall, meets the rule, and goes no further."""
    signs = [
        Sign(says="SYNs are sent", match="tcp port 9", capture="client"),
        Sign(says="none arrives", match="tcp port 9", capture="server", at_least=0, at_most=0),
        Sign(says="the rule met them", match="tcp dport 9 counter drop", ruleset="firewall"),
        Sign(says="others arrive", match="dst port 80 and tcp[13] == 2", capture="server", at_most=1),
        Sign(
            says="the kernel would have it otherwise",
            match="dst port 80 and tcp[13] == 2",
            capture="server",
            at_least=2,
        ),
    ]

    def life(folder: Path) -> None:
        points = [Capture(name=node, node=node, interface="eth0") for node in ("client", "server")]
        with recording(points, folder) as made, knock(9):
            until(lambda: made["client"].seen("tcp port 9"), "the SYN to be sent")
            conversation(100)
        sent, arrived, dropped, others, wrong = observe(signs, folder)
        assert 1 <= sent.count == dropped.count <= 3
        assert (arrived.count, others.count, wrong.count) == (0, 1, 1)
        assert [one.within for one in (sent, arrived, dropped, others, wrong)] == [True, True, True, True, False]
        assert sent.how == "tcpdump, client.pcap: tcp port 9"
        assert dropped.how == "nft, firewall: tcp dport 9 counter drop"

    running(life)


@pytest.mark.lab
@pytest.mark.parametrize(
    "sign",
    [
        Sign(says="gibberish", match="tcp and and", capture="client"),
        Sign(says="no such rule", match="tcp dport 10", ruleset="firewall"),
        Sign(says="no rules at all", match="drop", ruleset="client"),
    ],
    ids=lambda sign: sign.says,
)
def test_a_sign_that_cannot_be_counted_is_an_error_and_no_zero(sign: Sign) -> None:
    def life(folder: Path) -> None:
        with recording([Capture(name="client", node="client", interface="eth0")], folder):
            pass
        with pytest.raises(InputError, match=f"{sign.says!r} cannot be counted"):
            observe([sign], folder)

    running(life)
