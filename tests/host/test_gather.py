"""From paths to a case: content decides, and what is not understood never stops the rest."""

import bz2
import gzip
import hashlib
import lzma
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from bothways.errors import CallError, InputError
from bothways.evidence.case import Case, EvidenceFile, Kind
from bothways.host import opened, report_files
from bothways.host.gather import gather, gather_joined
from bothways.host.hints import word
from bothways.host.progress import ProgressLine
from bothways.way import Way
from tests.helpers import evidence_files as made
from tests.helpers import packets as p

NOTHING_SAID = word([], [])


def gathered(*paths: Path) -> Case:
    return gather([str(path) for path in paths], said=NOTHING_SAID)


def file_of(case: Case, name: str) -> EvidenceFile:
    (file,) = (file for file in case.files if file.path == name)
    return file


def refusal(*paths: Path) -> str:
    with pytest.raises(InputError) as caught:
        gathered(*paths)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def problem_of(path: Path) -> str:
    """What is said of *path* when it lies beside something that can be judged."""
    good = made.text(path.parent / "outbound.txt", made.MTR)
    file = file_of(gathered(good, path), path.name)
    assert file.kind is Kind.UNREAD
    (problem,) = file.problems
    return str(problem)


def test_content_decides_what_a_file_is(tmp_path: Path) -> None:
    made.capture(tmp_path / "capture.dat", made.timing_out())
    made.text(tmp_path / "mtr.bin", made.MTR)
    made.text(tmp_path / "curl.pcap", made.CURL)
    made.text(tmp_path / "rules", made.RULES)
    case = gathered(tmp_path)
    assert {file.path: file.kind for file in case.files} == {
        "capture.dat": Kind.CAPTURE,
        "mtr.bin": Kind.PATH,
        "curl.pcap": Kind.ATTEMPTS,
        "rules": Kind.RULES,
    }
    assert (len(case.captures), len(case.paths), len(case.attempts), len(case.rules)) == (1, 1, 1, 1)
    assert file_of(case, "mtr.bin").read == (("hops", 2),)
    assert file_of(case, "curl.pcap").read == (("lines", 7),)
    assert file_of(case, "capture.dat").read[0][0] == "packets"


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    paths = [made.capture(tmp_path / "client.pcap", made.timing_out()), made.text(tmp_path / "a.txt", made.MTR)]
    case = gather_joined([str(path) for path in paths], said=NOTHING_SAID, hashes=True).case
    for path in paths:
        assert file_of(case, path.name).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_captures_are_hashed_only_for_those_who_ask(tmp_path: Path) -> None:
    case = gathered(made.capture(tmp_path / "client.pcap", made.timing_out()), made.text(tmp_path / "a.txt", made.MTR))
    assert file_of(case, "client.pcap").sha256 == ""
    assert file_of(case, "a.txt").sha256


def test_a_failing_connection_comes_with_its_packets(tmp_path: Path) -> None:
    (evidence,) = gathered(made.capture(tmp_path / "client.pcap", made.timing_out())).captures
    (packets,) = evidence.packets
    assert len(packets.segments) == len(made.timing_out().packets)
    assert evidence.survey.file == "client.pcap"
    assert evidence.role.vantage == "client"


def test_the_role_of_a_path_report_goes_with_it(tmp_path: Path) -> None:
    (path,) = gathered(made.text(tmp_path / "control-inbound.txt", made.MTR)).paths
    assert (path.role.way, path.role.control) == (Way.BACK, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_reports_come_in_the_encodings_that_people_save(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(made.MTR.replace("laptop", "büro").encode(encoding))
    assert len(gathered(tmp_path).paths) == 1


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    said = refusal(tmp_path / "evidence")
    assert said.startswith("nothing to judge: evidence/: the folder holds no evidence: it is empty")
    assert "To go on, give a capture" in said


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "client.pcap").touch()
    assert problem_of(tmp_path / "client.pcap").startswith("the file is empty: ")
    assert "client.pcap: the file is empty" in refusal(tmp_path / "client.pcap")


def test_text_named_like_a_capture(tmp_path: Path) -> None:
    path = made.text(tmp_path / "client.pcap", "10:00:00 IP 10.0.0.1.40000 > 192.0.2.2.443: Flags [S]\n")
    said = problem_of(path)
    assert "named like a capture and holds text" in said
    assert "tcpdump -w" in said
    assert "named like a capture" in refusal(path)


def test_a_capture_cut_in_mid_packet_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    path = made.capture(tmp_path / "client.pcap", made.timing_out())
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    case = gathered(path)
    file = file_of(case, "client.pcap")
    assert file.kind is Kind.CAPTURE
    assert file.read == (("packets", len(made.timing_out().packets) - 1),)
    (problem,) = file.problems
    assert problem.offset is not None
    assert "the capture ends within packet" in problem.says
    assert case.captures[0].survey.rows


def test_a_capture_without_tcp(tmp_path: Path) -> None:
    said = refusal(made.without_tcp(tmp_path / "client.pcap"))
    assert "client.pcap: none of its 1 packets is TCP: capture again without a filter" in said


def test_a_capture_without_packets(tmp_path: Path) -> None:
    (tmp_path / "client.pcap").write_bytes(p.pcap_file([]))
    said = refusal(tmp_path / "client.pcap")
    assert "client.pcap: the capture is empty: it holds no packets" in said


@pytest.mark.parametrize("snap_length", [14, 40])
def test_a_capture_cut_too_short_is_cut_and_not_without_tcp(tmp_path: Path, snap_length: int) -> None:
    capture = p.pcap_file(made.timing_out().packets, snap_length=snap_length)
    (tmp_path / "client.pcap").write_bytes(capture)
    said = refusal(tmp_path / "client.pcap")
    assert "cut" in said
    assert "tcpdump -s 0" in said
    assert "is TCP" not in said


@pytest.mark.parametrize("length", [2, 3])
def test_a_capture_cut_within_its_first_bytes_is_no_text(tmp_path: Path, length: int) -> None:
    (tmp_path / "client.pcap").write_bytes(p.pcap_file([])[:length])
    assert "ends within its first four bytes" in refusal(tmp_path / "client.pcap")


def test_a_file_of_zeros_was_never_written(tmp_path: Path) -> None:
    (tmp_path / "client.pcap").write_bytes(bytes(4096))
    assert "nothing but zeros" in refusal(tmp_path / "client.pcap")


def test_a_stray_nul_does_not_make_a_report_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0\0" + made.MTR.replace("10.0.0.254", "10.0.0\0").encode())
    (path,) = gathered(tmp_path).paths
    assert len(path.report.hops) == 2


def test_an_archive_of_which_nothing_is_left_says_so(tmp_path: Path) -> None:
    (tmp_path / "client.pcap.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    assert "its table of contents at the end cannot be read" in problem_of(tmp_path / "client.pcap.zip")


def test_bytes_that_are_nothing_known(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    assert "neither a capture (pcap or pcapng) nor text" in problem_of(tmp_path / "a.bin")


def test_scampers_binary_files_say_how_to_go_on(tmp_path: Path) -> None:
    list_record = b"\x12\x05\x00\x01" + bytes(3) + b"\x1b" + bytes(3) + b"\x01" + bytes(4) + b"default\0" * 2
    (tmp_path / "there.warts").write_bytes(list_record)
    assert "sc_warts2json" in problem_of(tmp_path / "there.warts")


def test_text_that_no_reader_knows(tmp_path: Path) -> None:
    said = problem_of(made.text(tmp_path / "a.txt", "hello\n"))
    assert said.startswith("no reader knows this text; left out (known are captures and mtr report, ")
    assert "JSON of a kind that no reader knows" in problem_of(made.text(tmp_path / "truth.json", '{"theory": "x"}'))
    assert "nothing but blanks" in problem_of(made.text(tmp_path / "b.txt", "\n \n"))


def test_a_report_that_is_too_large_is_not_taken_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LARGEST_TEXT", 1000)
    monkeypatch.setattr(report_files, "LARGEST_TEXT", 1000)
    path = made.text(tmp_path / "a.txt", "x" * 1001)
    assert "too large for a report" in problem_of(path)
    assert file_of(gathered(tmp_path / "outbound.txt", path), "a.txt").sha256 == ""


def test_a_file_that_cannot_be_read_never_stops_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.capture(tmp_path / "client.pcap", made.timing_out())
    real = Path.open

    def refuses(self: Path, *arguments: object, **more: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **more)  # type: ignore[call-overload] # handed through as it came

    monkeypatch.setattr(Path, "open", refuses)
    assert "it cannot be read: permission denied; give yourself the right" in problem_of(path)


def test_rules_alone_do_not_say_how_a_connection_went(tmp_path: Path) -> None:
    said = refusal(made.text(tmp_path / "firewall.nft", made.RULES))
    assert "firewall.nft: it holds rules, and that alone does not say how a connection went" in said


def test_many_troubles_are_not_all_told_in_one_sentence(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.pcap").touch()
    said = refusal(tmp_path)
    assert "looked at 9 files" in said
    assert "; and 6 more. To go on" in said


def test_one_capture_under_two_names_is_one_observer(tmp_path: Path) -> None:
    made.capture(tmp_path / "client.pcap", made.timing_out())
    made.capture(tmp_path / "copy.pcap", made.timing_out())
    case = gathered(tmp_path)
    assert len(case.captures) == 1
    assert str(file_of(case, "copy.pcap").problems[0]) == "the same bytes as client.pcap: judged once"


def test_no_arguments_are_nothing_to_judge() -> None:
    assert refusal().startswith("nothing to judge: no file was named")


def test_reading_is_reported_as_it_goes(tmp_path: Path) -> None:
    path = made.capture(tmp_path / "client.pcap", made.timing_out())
    seen: list[tuple[str, int, int]] = []
    gather([str(path)], said=NOTHING_SAID, report=lambda *step: seen.append(step))
    size = path.stat().st_size
    assert {(file, total) for file, _, total in seen} == {("client.pcap", size)}
    read = [done for _, done, _ in seen]
    assert read[-1] == size
    assert read.count(size) == 2  # each pass comes to the end


def test_the_progress_line_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    line("client.pcap", 1, 2)
    line.wipe()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("option", ["vantage", "way"])
def test_what_is_said_of_a_file_must_fit_what_it_holds(option: str, tmp_path: Path) -> None:
    made.capture(tmp_path / "client.pcap", made.timing_out())
    made.text(tmp_path / "outbound.mtr.txt", made.MTR)
    said = word(["outbound.mtr.txt=client"], []) if option == "vantage" else word([], ["client.pcap=back"])
    with pytest.raises(
        CallError, match=r"it holds (?:a path report, which has no vantage|no path report but a capture)"
    ):
        gather([str(tmp_path)], said=said)


SS = "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nSYN-SENT 0 1 10.0.0.1:40000 192.0.2.2:443\n"
NSTAT = "#kernel\nTcpExtListenOverflows 3 0.0\n"
LOG = "[1.5] DROP IN=eth0 OUT=eth1 SRC=10.0.0.1 DST=192.0.2.2 LEN=52 PROTO=TCP SPT=40000 DPT=443 ACK URGP=0\n"
LAB = '{"node":"x","routes":[],"routes6":[],"rules":[],"rules6":[],"addresses":[]}\n'


def test_what_hosts_and_filters_say_goes_with_the_role_of_its_file(tmp_path: Path) -> None:
    made.text(tmp_path / "client.ss.txt", SS)
    made.text(tmp_path / "server-after.nstat.txt", NSTAT)
    made.text(tmp_path / "firewall.log", LOG)
    case = gathered(tmp_path)
    assert {file.path: (file.kind, file.read) for file in case.files} == {
        "client.ss.txt": (Kind.SOCKETS, (("lines", 2),)),
        "server-after.nstat.txt": (Kind.COUNTERS, (("lines", 2),)),
        "firewall.log": (Kind.LOG, (("lines", 1),)),
    }
    assert [item.role.vantage for item in case.sockets] == ["client"]
    assert [item.role.vantage for item in case.counters] == ["server"]
    assert [item.role.vantage for item in case.logs] == [None]
    assert case.sockets[0].listing.file == "client.ss.txt"


def test_the_user_says_whose_sockets_these_are(tmp_path: Path) -> None:
    listed = made.text(tmp_path / "ss.txt", SS)
    case = gather([str(listed)], said=word(["ss.txt=server"], []))
    assert [item.role.vantage for item in case.sockets] == ["server"]


def test_what_the_lab_keeps_for_itself_is_passed_over_in_silence(tmp_path: Path) -> None:
    made.text(tmp_path / "client.ss.txt", SS)
    made.text(tmp_path / "router.json", LAB)
    file = file_of(gathered(tmp_path), "router.json")
    assert (file.kind, file.problems) == (Kind.BOOKKEEPING, ())


@pytest.mark.parametrize("name", ["firewall.conntrack-list.txt", "server.ss.txt", "fw.log", "nstat.txt"])
def test_silence_of_a_command_that_may_have_had_nothing_to_tell_is_no_evidence(name: str, tmp_path: Path) -> None:
    made.text(tmp_path / name, "\n")
    assert "no evidence of anything" in problem_of(tmp_path / name)


def test_counters_or_a_log_alone_do_not_say_how_a_connection_went(tmp_path: Path) -> None:
    made.text(tmp_path / "nstat.txt", NSTAT)
    made.text(tmp_path / "fw.log", LOG)
    assert "that alone does not say how a connection went" in refusal(tmp_path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_compressed_evidence_is_read_like_any_other(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    capture = p.pcap_file(made.timing_out().packets, nanoseconds=True)
    # gzip writes the time into what it packs, so it packs once.
    packed = pack(capture)
    (tmp_path / "client.pcap.packed").write_bytes(packed)
    (tmp_path / "outbound.mtr.packed").write_bytes(pack(made.MTR.encode()))
    case = gathered(tmp_path)
    assert [file.kind for file in case.files] == [Kind.CAPTURE, Kind.PATH]
    assert len(case.captures[0].packets[0].segments) == len(made.timing_out().packets)
    assert case.paths[0].role.way is Way.THERE


def test_a_compressed_capture_that_is_cut_off_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    packed = gzip.compress(p.pcap_file(made.timing_out().packets, nanoseconds=True))
    (tmp_path / "client.pcap.gz").write_bytes(packed[: len(packed) * 3 // 4])
    (file,) = gathered(tmp_path).files
    assert 0 < file.read[0][1] < len(made.timing_out().packets)
    inside, outside = file.problems
    assert "ends within" in inside.says
    assert "the gzip data end too early" in outside.says
    assert "bytes are counted after decompression" in outside.says


def test_a_compressed_report_that_is_cut_off_is_read_and_said_to_be(tmp_path: Path) -> None:
    packed = gzip.compress(made.MTR.encode() + b"\n" * 5000)
    (tmp_path / "outbound.txt.gz").write_bytes(packed[:-9])
    (file,) = gathered(tmp_path).files
    assert file.kind is Kind.PATH
    assert any("cut off" in problem.says for problem in file.problems)


def test_what_is_compressed_twice_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "client.pcap.gz").write_bytes(gzip.compress(lzma.compress(p.pcap_file([]))))
    expected = "not read: in its compression, it is compressed with xz: decompress it first"
    assert problem_of(tmp_path / "client.pcap.gz") == expected


def test_compression_without_anything_in_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "client.pcap.gz").write_bytes(b"\x1f\x8b\x08\0" + bytes(40))
    assert problem_of(tmp_path / "client.pcap.gz").startswith("nothing could be read: the gzip data are damaged")
    (tmp_path / "server.pcap.gz").write_bytes(gzip.compress(b""))
    assert problem_of(tmp_path / "server.pcap.gz").startswith("the file is empty")


def test_a_named_pipe_is_read_and_one_in_a_folder_is_not(tmp_path: Path) -> None:
    capture = made.capture(tmp_path / "x.pcap", made.timing_out()).read_bytes()
    os.mkfifo(tmp_path / "client.pcap")
    writer = threading.Thread(target=lambda: (tmp_path / "client.pcap").write_bytes(capture))
    writer.start()
    case = gathered(tmp_path / "client.pcap")
    writer.join()
    assert case.captures[0].survey.file == "client.pcap"
    assert len(case.captures[0].packets[0].segments) == len(made.timing_out().packets)
    assert "name it itself" in str(file_of(gathered(tmp_path), "client.pcap").problems[0])


def test_every_report_of_the_world_is_one_whatever_its_encoding() -> None:
    world = Path(__file__).parents[1] / "traces" / "world"
    files = [path for path in sorted(world.iterdir()) if path.name != "world.toml"]
    case = gathered(*files)
    read = {file.path for file in case.files if file.kind is Kind.PATH and not file.problems}
    assert {Path(path).name for path in read} == {path.name for path in files}
