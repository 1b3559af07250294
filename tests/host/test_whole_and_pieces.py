"""A capture in pieces is judged like the whole: the same verdicts, the same facts."""

import struct
from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers.repository import TOP

CASES = sorted(path for path in (TOP / "tests/cases").glob("*/*/client.pcap") if path.stat().st_size < 100_000)[::4]


def records(capture: bytes) -> tuple[bytes, list[bytes]]:
    """File header and packet records of a classic little-endian capture."""
    found, at = [], 24
    while at < len(capture):
        (kept,) = struct.unpack_from("<I", capture, at + 8)
        found.append(capture[at : at + 16 + kept])
        at += 16 + kept
    return capture[:24], found


def judged(*paths: Path, vantages: tuple[str, ...] = ()) -> Diagnosis:
    return diagnose(gather([str(path) for path in paths], said=word(vantages, [])))


def told(diagnosis: Diagnosis) -> list[object]:
    """What a diagnosis concludes and measures, without the places where that stands."""
    return [
        (
            target.id,
            target.verdict,
            [(one.theory, one.standing) for one in target.judged],
            [(fact.kind.id, fact.answer, fact.says, len(fact.cites)) for fact in target.facts],
        )
        for target in diagnosis.targets
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("pieces", [2, 5])
def test_rotated_pieces(case: Path, pieces: int, tmp_path: Path) -> None:
    header, packets = records(case.read_bytes())
    size = -(-len(packets) // pieces)
    for number, start in enumerate(range(0, len(packets), size)):
        (tmp_path / f"client.pcap{number}").write_bytes(header + b"".join(packets[start : start + size]))
    found = judged(tmp_path)
    assert len(found.observers) == 1
    assert told(found) == told(judged(case))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_pieces_that_were_dealt_like_cards(case: Path, tmp_path: Path) -> None:
    header, packets = records(case.read_bytes())
    for number in range(3):
        (tmp_path / f"{number}.pcap").write_bytes(header + b"".join(packets[number::3]))
    found = judged(tmp_path, vantages=tuple(f"{number}.pcap=client" for number in range(3)))
    (observer,) = found.observers
    (case_copy := tmp_path.parent / f"{tmp_path.name}-client.pcap").write_bytes(case.read_bytes())
    assert len(observer.files) == 3
    assert told(found) == told(judged(case_copy, vantages=(f"{case_copy.name}=client",)))
