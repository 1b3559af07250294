"""Damaged evidence of every kind, read, judged and drawn: nothing is raised, hangs, swells, escapes or is passed over.

`make fuzz` does the same for as long as one likes. Here its judges are judged, too.
"""

from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import packets as p
from tests.helpers.fuzzing import attempt as attempts
from tests.helpers.fuzzing.attempt import attempt
from tests.helpers.fuzzing.inputs import folder
from tests.helpers.fuzzing.seeds import PACKETS, seeds
from tests.helpers.fuzzing.walk import walked

TWO = p.pcap_file([p.Packet(at=0, frame=p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, flags="S"))] * 2)
BLOCKS = p.pcapng_file([p.Packet(at=0, frame=p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, flags="S"))] * 2)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@settings(max_examples=300)
@given(random=st.randoms(use_true_random=False))
def test_damaged_evidence_is_judged_without_a_complaint(scratch: Path, random: Random) -> None:
    assert attempt(folder(random), scratch, drawn=random.random() < 0.1).complaints == ()


def test_seeds_are_small_and_of_every_kind() -> None:
    captures = [seed.data for seed in seeds() if seed.capture]
    assert {data[:4] for data in captures} >= {b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a"}
    assert all(walked(data).packets <= 2 * PACKETS for data in captures if walked(data).starts)  # samples stay whole
    texts = b"\n".join(seed.data for seed in seeds() if not seed.capture)
    for kind in (b"SYN_SENT", b"Loss%", b"traceroute to", b"hook forward", b"Trying ", b'"hubs"'):
        assert kind in texts


def test_the_same_number_gives_the_same_input() -> None:
    assert folder(Random(7)) == folder(Random(7)) != folder(Random(8))


@pytest.mark.parametrize("data", [TWO, BLOCKS])
def test_a_plain_walk_counts_packets_and_sees_an_end_that_is_none(data: bytes) -> None:
    assert (walked(data).packets, walked(data).whole) == (2, True)
    assert not walked(data[:-1]).whole
    assert walked(data[:-1]).packets == 1


def of_version(minor: int, *lengths: tuple[int, int]) -> bytes:
    """A capture of version 2.*minor* whose two records keep ten bytes each, with *lengths* in their headers."""
    heads = (b"\0" * 8 + first.to_bytes(4, "little") + second.to_bytes(4, "little") for first, second in lengths)
    return TWO[:6] + minor.to_bytes(2, "little") + TWO[8:24] + b"".join(head + b"\0" * 10 for head in heads)


@pytest.mark.parametrize(
    ("minor", "lengths"),
    [(4, (10, 60)), (3, (10, 60)), (3, (60, 10)), (2, (60, 10)), (0, (60, 10))],
)
def test_a_plain_walk_knows_which_length_old_versions_put_first(minor: int, lengths: tuple[int, int]) -> None:
    found = walked(of_version(minor, lengths, lengths))
    assert (found.packets, found.whole) == (2, True)


def test_a_version_that_puts_the_other_length_first_is_read_so(scratch: Path) -> None:
    """A damaged version number turns the lengths round; reader and walk do not differ about it."""
    assert complaints(scratch, {"client.pcap": TWO[:6] + b"\0\0" + TWO[8:]}) == ""
    assert complaints(scratch, {"client.pcap": of_version(0, (60, 10), (60, 10))}) == ""


def complaints(scratch: Path, files: dict[str, bytes]) -> str:
    return "\n".join(attempt(files, scratch).complaints)


def test_what_is_raised_is_a_complaint(scratch: Path) -> None:
    with patch.object(attempts, "diagnose", side_effect=ZeroDivisionError):
        assert "ZeroDivisionError" in complaints(scratch, {"client.pcap": TWO})


def test_what_takes_too_long_is_a_complaint(scratch: Path) -> None:
    with patch.object(attempts, "LONGEST", -1.0):
        assert "took" in complaints(scratch, {"client.pcap": TWO})


def test_what_never_ends_is_stopped(scratch: Path) -> None:
    def spin(*_: object) -> None:
        while True:
            pass

    with patch.object(attempts, "LONGEST", 0.05), patch.object(attempts, "diagnose", spin):
        assert "TimeoutError" in complaints(scratch, {"client.pcap": TWO})


def test_a_packet_that_is_passed_over_is_a_complaint(scratch: Path) -> None:
    three = p.pcap_file([p.Packet(at=0, frame=p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, flags="S"))] * 3)
    with patch.object(attempts, "walked", lambda _: walked(three)):
        assert "2 packets read, 3 are there" in complaints(scratch, {"client.pcap": TWO})


def test_an_end_that_is_none_and_is_not_told_is_a_complaint(scratch: Path) -> None:
    with patch.object(attempts, "walked", lambda data: walked(data + b"more")):
        assert "does not end with a whole record" in complaints(scratch, {"client.pcap": TWO})


def test_what_colours_a_terminal_is_a_complaint(scratch: Path) -> None:
    with patch.object(attempts, "draw", lambda *_, **__: "\x1b[31m"):
        assert "control character" in complaints(scratch, {"client.pcap": TWO})
