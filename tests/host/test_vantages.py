"""Which files are one capture: by the user's word, by a program's way of naming, by what two halves show."""

import gzip
from pathlib import Path

import pytest

from bothways.evidence.case import Case, EvidenceFile
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers import evidence_files as made
from tests.helpers import packets as p
from tests.helpers.conversation import Script

FROM_CLIENT = bytes([10, 0, 0, 1])
SECOND = 10**9


def gathered(folder: Path, *vantages: str) -> Case:
    return gather([str(folder)], said=word(vantages, []))


def parts(case: Case) -> list[tuple[str, ...]]:
    return [capture.survey.parts for capture in case.captures]


def file_of(case: Case, name: str) -> EvidenceFile:
    return next(file for file in case.files if file.path == name)


def write(path: Path, packets: list[p.Packet], *, later: int = 0) -> None:
    shifted = [p.Packet(at=packet.at + later, frame=packet.frame) for packet in packets]
    path.write_bytes(p.pcap_file(shifted, nanoseconds=True))


def halves(script: Script) -> tuple[list[p.Packet], list[p.Packet]]:
    there = [packet for packet in script.packets if packet.frame[26:30] == FROM_CLIENT]
    return there, [packet for packet in script.packets if packet not in there]


def rotated(folder: Path, names: tuple[str, ...]) -> None:
    packets = made.timing_out().packets
    share = -(-len(packets) // len(names))
    for place, name in enumerate(names):
        write(folder / name, packets[place * share : (place + 1) * share])


@pytest.mark.parametrize(
    "names",
    [
        ("client.pcap", "client.pcap1", "client.pcap2"),
        ("client.pcap2", "client.pcap0", "client.pcap1"),
        ("client_00001_20231114221320.pcapng", "client_00002_20231114221323.pcapng"),
    ],
)
def test_rotated_files_are_one_capture(tmp_path: Path, names: tuple[str, ...]) -> None:
    rotated(tmp_path, names)
    case = gathered(tmp_path)
    assert parts(case) == [names]
    (capture,) = case.captures
    assert capture.survey.packets == len(made.timing_out().packets)
    assert len(capture.packets[0].segments) == len(made.timing_out().packets)
    assert capture.role.vantage == "client"
    assert [file.path for file in case.files] == sorted(names)
    assert sum(file.read[0][1] for file in case.files) == capture.survey.packets


def test_files_that_overlap_are_two_observers_whatever_their_names(tmp_path: Path) -> None:
    write(tmp_path / "client.pcap", made.timing_out().packets)
    write(tmp_path / "client.pcap1", made.timing_out().packets, later=1_500_000_000)
    assert parts(gathered(tmp_path)) == [("client.pcap",), ("client.pcap1",)]


def test_files_of_other_link_types_are_two_observers(tmp_path: Path) -> None:
    rotated(tmp_path, ("client.pcap", "client.pcap1"))
    cooked = [p.Packet(at=one.at + 60 * SECOND, frame=p.cooked_v1(one.frame[14:])) for one in made.working().packets]
    (tmp_path / "client.pcap2").write_bytes(p.pcap_file(cooked, link_type=p.COOKED_V1))
    assert len(parts(gathered(tmp_path))) == 3


def test_series_in_two_folders_are_two(tmp_path: Path) -> None:
    for folder, later in (("a", 0), ("b", 60 * SECOND)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "client.pcap", made.timing_out().packets, later=later)
    write(tmp_path / "b" / "client.pcap1", made.timing_out().packets, later=120 * SECOND)
    assert parts(gathered(tmp_path)) == [("a/client.pcap",), ("b/client.pcap", "b/client.pcap1")]


def test_an_empty_last_file_belongs_to_the_series(tmp_path: Path) -> None:
    rotated(tmp_path, ("client.pcap", "client.pcap1"))
    write(tmp_path / "client.pcap2", [])
    case = gathered(tmp_path)
    assert set(parts(case)[0]) == {"client.pcap", "client.pcap1", "client.pcap2"}
    assert file_of(case, "client.pcap2").problems == ()


def test_the_same_bytes_twice_in_a_series_are_judged_once(tmp_path: Path) -> None:
    rotated(tmp_path, ("client.pcap", "client.pcap1"))
    (tmp_path / "client.pcap2").write_bytes((tmp_path / "client.pcap1").read_bytes())
    case = gathered(tmp_path)
    assert parts(case) == [("client.pcap", "client.pcap1")]
    assert str(file_of(case, "client.pcap2").problems[0]) == "the same bytes as client.pcap1: judged once"


def test_a_compressed_copy_is_no_second_observer(tmp_path: Path) -> None:
    write(tmp_path / "client.pcap", made.timing_out().packets)
    (tmp_path / "client.pcap.gz").write_bytes(gzip.compress((tmp_path / "client.pcap").read_bytes()))
    case = gathered(tmp_path)
    assert parts(case) == [("client.pcap",)]
    assert "the same content, otherwise compressed, as client.pcap" in str(file_of(case, "client.pcap.gz").problems[0])


def test_a_compressed_series_is_one_capture(tmp_path: Path) -> None:
    rotated(tmp_path, ("client.pcap", "client.pcap1"))
    for path in list(tmp_path.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert parts(gathered(tmp_path)) == [("client.pcap.gz", "client.pcap1.gz")]


def test_what_the_user_calls_alike_is_one_capture(tmp_path: Path) -> None:
    there, back = halves(made.timing_out())
    write(tmp_path / "x.pcap", back)
    write(tmp_path / "y.pcap", there)
    case = gathered(tmp_path, "x.pcap=tap", "y.pcap=tap")
    assert parts(case) == [("y.pcap", "x.pcap")]
    (capture,) = case.captures
    assert [(segment.part, segment.frame) for segment in capture.packets[0].segments][:3] == [(0, 1), (1, 1), (0, 2)]


def test_names_that_only_hint_alike_stay_apart(tmp_path: Path) -> None:
    write(tmp_path / "client-a.pcap", made.timing_out().packets)
    write(tmp_path / "client-b.pcap", made.working().packets, later=60 * SECOND)
    assert len(parts(gathered(tmp_path))) == 2


def test_a_word_about_one_file_of_a_series_is_about_all(tmp_path: Path) -> None:
    rotated(tmp_path, ("a.pcap", "a.pcap1"))
    case = gathered(tmp_path, "a.pcap1=server")
    assert parts(case) == [("a.pcap", "a.pcap1")]
    assert case.captures[0].role.vantage == "server"


def test_two_words_about_a_series_part_it(tmp_path: Path) -> None:
    rotated(tmp_path, ("a.pcap", "a.pcap1"))
    assert len(parts(gathered(tmp_path, "a.pcap1=server", "a.pcap=client"))) == 2


def test_a_series_that_is_none_keeps_what_the_user_called_alike_together(tmp_path: Path) -> None:
    for place, name in enumerate(("a.pcap", "a.pcap1", "a.pcap2")):
        write(tmp_path / name, made.timing_out().packets, later=place * SECOND)
    found = parts(gathered(tmp_path, "a.pcap=tap", "a.pcap1=tap"))
    assert found == [("a.pcap", "a.pcap1"), ("a.pcap2",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("client-out.pcap", "client-in.pcap"),
        ("server_rx.pcap", "server_tx.pcap"),
        ("firewall-inside-there.pcap", "firewall-inside-back.pcap"),
        ("span3.egress.pcap", "span3.ingress.pcap"),
        ("client-eth0.pcap", "client-eth1.pcap"),
    ],
)
def test_the_halves_of_one_tap_are_one_capture(tmp_path: Path, one: str, other: str) -> None:
    there, back = halves(made.timing_out())
    write(tmp_path / one, there)
    write(tmp_path / other, back)
    case = gathered(tmp_path)
    assert parts(case) == [(one, other)]
    assert case.captures[0].survey.rows[0].history[:4] == "ShAD"
    assert all(file.problems == () for file in case.files)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("out.pcap", "in.pcap"),
        ("a.pcap", "b.pcap"),
        ("firewall-out.pcap", "firewall-in.pcap"),
        ("client.pcap", "x.pcap"),
    ],
)
def test_halves_of_which_no_name_tells_the_place_stay_apart_and_this_is_said(
    tmp_path: Path, one: str, other: str
) -> None:
    there, back = halves(made.timing_out())
    write(tmp_path / one, there)
    write(tmp_path / other, back)
    case = gathered(tmp_path)
    assert len(case.captures) == 2
    (problem,) = [problem for file in case.files for problem in file.problems]
    name = "client" if one == "client.pcap" else "tap"
    assert f"--vantage {one}={name}" in problem.says
    assert f"--vantage {other}={name}" in problem.says
    assert "judged apart" in problem.says


@pytest.mark.parametrize(("one", "other"), [("client.pcap", "server.pcap"), ("tap1-out.pcap", "tap2-in.pcap")])
def test_halves_of_two_places_are_never_one_capture(tmp_path: Path, one: str, other: str) -> None:
    there, back = halves(made.timing_out())
    write(tmp_path / one, there)
    write(tmp_path / other, back)
    case = gathered(tmp_path)
    assert len(case.captures) == 2
    assert all(file.problems == () for file in case.files)


def test_halves_with_two_clocks_stay_apart_and_this_is_said(tmp_path: Path) -> None:
    there, back = halves(made.timing_out())
    write(tmp_path / "client-out.pcap", there, later=600_000_000)
    write(tmp_path / "client-in.pcap", back)
    case = gathered(tmp_path)
    assert len(case.captures) == 2
    assert "answers came before what they answer" in str(file_of(case, "client-in.pcap").problems[0])


def test_halves_may_be_rotated_too(tmp_path: Path) -> None:
    there, back = halves(made.timing_out())
    for place, part in enumerate((there[:5], there[5:])):
        write(tmp_path / f"client-out.pcap{place}", part)
    write(tmp_path / "client-in.pcap", back)
    (found,) = parts(gathered(tmp_path))
    assert set(found) == {"client-in.pcap", "client-out.pcap0", "client-out.pcap1"}
