"""Wires of a kernel that has netem: what it is told, and what is said of the interfaces."""

import subprocess

import pytest

from bothways.lab.model.network import Quality
from bothways.lab.wires import ends, netem
from bothways.lab.world.nodes import run
from tests.helpers.world import inside
from tests.lab.wires.pair import addressed, assert_as_told, burst, datagrams, link, received, two_nodes


def test_a_quality_is_told_in_the_words_of_tc() -> None:
    quality = Quality(latency_ms=12.5, loss=0.005, reorder=0.1, duplicate=0.02, rate_kbit=2_000, queue=100)
    assert " ".join(netem.words(quality)) == (
        "netem limit 175 delay 12500us reorder 10.000000% loss 0.500000% duplicate 2.000000% rate 2000kbit"
    )


def test_nothing_is_told_of_what_is_not_asked() -> None:
    assert " ".join(netem.words(Quality())) == "netem limit 1000000 delay 0us"
    assert "reorder" not in netem.words(Quality(reorder=0.5))  # nothing to overtake


@pytest.mark.lab
def test_netem_is_found_where_tc_can_use_it() -> None:
    def life() -> None:
        ends.prepare()
        command = ["ip", "netns", "exec", ends.HIDDEN, "tc", "qdisc", "add", "dev", "lo", "root", "netem"]
        tried = subprocess.run(command, check=False, capture_output=True)
        assert netem.is_there() == (tried.returncode == 0)

    inside(life)


@pytest.mark.lab
def test_both_ends_send_through_what_the_kernel_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a discipline that every kernel has in the place of netem."""
    monkeypatch.setattr(netem, "words", lambda _: ["tbf", "rate", "8mbit", "burst", "2000", "limit", "4000"])

    def life() -> None:
        two_nodes()
        wire = netem.NetemWire(link(Quality(), Quality()), 1400)
        wire.await_ready()
        addressed()
        for node in "ab":
            assert "tbf" in run(node, "tc", "qdisc", "show", "dev", "eth0").stdout
            assert "mtu 1400 " in run(node, "ip", "link", "show", "eth0").stdout
        with datagrams() as (sender, receiver):
            burst(sender, 50, size=1000)
            received(receiver, 3)
            wire.stop()
            count = wire.end()
        assert count.there.lost > 30
        assert count.there.taken >= 50
        assert count.back.lost == 0
        assert count.unplanned == 0
        assert_as_told(count)

    inside(life)


def test_losses_in_bursts_are_told_by_when_they_begin_and_end() -> None:
    assert " ".join(netem.words(Quality(loss=0.2, burst=4.0))).endswith("loss gemodel 6.250000% 25.000000%")
