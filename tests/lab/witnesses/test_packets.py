"""Counting packets with tcpdump: a number, or an error, and never a wrong zero."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothways.lab.witnesses.packets import ExpressionError, count
from bothways.lab.world.nodes import ProgramError
from tests.helpers import packets as p

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tcpdump") is None, reason="tcpdump is not installed (packages.txt)"),
]

FRAMES = [
    p.ethernet(p.ipv4("192.0.2.1", "192.0.2.18", p.tcp(40_000 + n, 80, flags="SA"[: 1 + n % 2]))) for n in range(5)
]
WHOLE = p.pcap_file([p.Packet(at=n, frame=frame) for n, frame in enumerate(FRAMES)])


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    file = tmp_path / "client.pcap"
    file.write_bytes(WHOLE)
    return file


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("", 5), ("tcp", 5), ("tcp src port 40003", 1), ("tcp[13] == 0x12", 2), ("udp", 0), ("not tcp", 0)],
)
def test_what_matches_is_counted(capture: Path, expression: str, expected: int) -> None:
    assert count(capture, expression) == expected


@pytest.mark.parametrize(
    "expression", ["tcp and and", "prot 80", "host 192.0.2.300", "tcp[", "-w stolen", "tcp port http-"]
)
def test_an_expression_that_says_nothing_is_an_error_and_no_zero(
    capture: Path, expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(capture.parent)
    for growing in (False, True):
        with pytest.raises(ExpressionError) as error:
            count(capture, expression, growing=growing)
        assert repr(expression) in str(error.value)
    assert [file.name for file in capture.parent.iterdir()] == ["client.pcap"]


@pytest.mark.parametrize("data", [b"", b"no capture at all", WHOLE[:-1], WHOLE[:20]])
def test_a_file_that_cannot_be_read_to_its_end_is_an_error(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "server.pcap"
    file.write_bytes(data)
    with pytest.raises(ProgramError, match=r"server\.pcap"):
        count(file, "tcp")


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for growing in (False, True):
        with pytest.raises(ProgramError, match="No such file"):
            count(tmp_path / "nowhere.pcap", "tcp", growing=growing)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(0, len(WHOLE)))
def test_a_growing_file_holds_the_packets_that_are_written_whole(tmp_path: Path, size: int) -> None:
    file = tmp_path / "growing.pcap"
    file.write_bytes(WHOLE[:size])
    record = 16 + len(FRAMES[0])
    assert count(file, "tcp", growing=True) == max(0, size - 24) // record
