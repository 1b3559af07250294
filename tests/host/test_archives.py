"""Zip archives, honest ones and others: what can be read is judged, and what cannot is named with the reason."""

import gzip
import hashlib
import json
import random
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.case import Case, Kind
from bothways.host import archives, zip_directory
from bothways.host.archives import unpacked
from bothways.host.found import Found
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.host.opened import pieces_of
from bothways.host.progress import silent
from bothways.host.spool import Spool
from tests.helpers.checked import attempt, log_of
from tests.helpers.repository import TOP
from tests.helpers.zipped import by_hand, entry, link_to, zipped

CAMPUS = TOP / "examples" / "campus"
CHECK = log_of(attempt()).encode()
SOUND = ("check.jsonl", CHECK)


def judged(folder: Path, data: bytes) -> Case:
    (folder / "some.zip").write_bytes(data)
    return gather([str(folder / "some.zip")], said=word((), ()))


def said(case: Case) -> dict[str, str]:
    """What is said of each file that something is said of."""
    return {file.path: file.problems[0].says for file in case.files if file.problems}


def test_a_packed_folder_is_read_as_the_folder_is(tmp_path: Path) -> None:
    data = zipped(*((f"campus/{path.name}", path.read_bytes()) for path in sorted(CAMPUS.iterdir())))
    case = judged(tmp_path, data)
    plain = gather([str(CAMPUS)], said=word((), ()))
    assert [(f"some.zip: campus/{it.path}", it.kind, it.role, it.read) for it in plain.files] == [
        (it.path, it.kind, it.role, it.read) for it in case.files
    ]
    assert [it.survey.packets for it in plain.captures] == [it.survey.packets for it in case.captures]
    assert [len(it.packets) for it in plain.captures] == [len(it.packets) for it in case.captures]


def test_one_file_of_it_can_be_spoken_of(tmp_path: Path) -> None:
    data = zipped(*((path.name, path.read_bytes()) for path in sorted(CAMPUS.glob("*.pcap"))))
    (tmp_path / "some.zip").write_bytes(data)
    first = min(CAMPUS.glob("*.pcap")).name
    case = gather([str(tmp_path)], said=word([f"some.zip: {first}=tap"], ()))
    assert [file.role.vantage for file in case.files if file.role.decided] == ["tap"]


def test_what_accompanies_evidence_is_passed_over(tmp_path: Path) -> None:
    case = judged(tmp_path, zipped(SOUND, ("README.md", b"x"), ("__MACOSX/._check.jsonl", b"x"), (".git/config", b"x")))
    assert [file.path for file in case.files] == ["some.zip: check.jsonl"]


@pytest.mark.parametrize("name", ["../up.pcap", "/etc/passwd", "C:\\up.pcap", "a/../../up.pcap", "..\\up.pcap"])
def test_a_name_that_leads_out_is_not_read(tmp_path: Path, name: str) -> None:
    case = judged(tmp_path, zipped((name, CHECK), SOUND))
    assert "leads out of the archive" in said(case)[f"some.zip: {name}"]
    assert len(case.attempts) == 1


def test_a_name_with_control_characters_is_escaped(tmp_path: Path) -> None:
    case = judged(tmp_path, zipped(("\x1b[2J.jsonl", CHECK)))
    assert [file.path for file in case.files] == ["some.zip: \\x1b[2J.jsonl"]
    assert len(case.attempts) == 1


def test_a_name_with_a_nul_is_not_read(tmp_path: Path) -> None:
    case = judged(tmp_path, by_hand(entry(b"a\0b.jsonl", CHECK), entry(b"check.jsonl", CHECK)))
    assert said(case) == {"some.zip: a\\x00b.jsonl": "not read: its name is none that a file can have"}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    case = judged(tmp_path, zipped((link_to("client.pcap"), b"/etc/passwd"), SOUND))
    assert "it is a link" in said(case)["some.zip: client.pcap"]


def test_of_two_files_with_one_name_the_first_is_read(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(SOUND, ("check.jsonl", b"other"))
    case = judged(tmp_path, data)
    assert "a second file of this name" in said(case)["some.zip: check.jsonl'"]
    assert len(case.attempts[0].attempts) == 1


def test_what_is_encrypted_or_oddly_compressed_is_named(tmp_path: Path) -> None:
    odd = by_hand(
        entry(b"a.pcap", CHECK, flags=1), entry(b"b.pcap", CHECK, method=0), entry(b"check.jsonl", CHECK)
    ).replace(b"PK\x03\x04\x14\x00\x00\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x00\x0e\x00")
    odd = odd.replace(b"PK\x01\x02\x14\x00\x14\x00\x00\x00\x00\x00", b"PK\x01\x02\x14\x00\x14\x00\x00\x00\x0e\x00")
    case = judged(tmp_path, odd)
    assert "it is encrypted" in said(case)["some.zip: a.pcap"]
    assert "a rare method (number 14)" in said(case)["some.zip: b.pcap"]
    assert len(case.attempts) == 1


def test_an_archive_in_an_archive_is_not_read(tmp_path: Path) -> None:
    case = judged(tmp_path, zipped(("inner.zip", zipped(SOUND)), ("inner.gz", gzip.compress(zipped(SOUND))), SOUND))
    assert {path for path, says in said(case).items() if "an archive inside of another file" in says} == {
        "some.zip: inner.zip",
        "some.zip: inner.gz",
    }


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    data = by_hand(entry(b"bomb.pcap", bytes(1000), size=300 << 20), entry(b"check.jsonl", CHECK))
    case = judged(tmp_path, data)
    assert "more than the 256 MiB that are left to it" in said(case)["some.zip: bomb.pcap"]
    assert len(case.attempts) == 1


def test_files_that_lie_about_their_size_are_read_up_to_it(tmp_path: Path) -> None:
    short = len(CHECK)
    data = by_hand(entry(b"a.jsonl", CHECK + CHECK, size=short), entry(b"b.jsonl", CHECK, size=short + 9))
    case = judged(tmp_path, data)
    assert f"more than the {short} bytes that the archive tells" in said(case)["some.zip: a.jsonl"]
    assert f"should have {short + 9} bytes" in said(case)["some.zip: b.jsonl"]
    assert [len(log.attempts) for log in case.attempts] == [1, 1]


def test_a_wrong_checksum_is_told_and_the_content_judged(tmp_path: Path) -> None:
    header, line = entry(b"check.jsonl", CHECK)
    case = judged(tmp_path, by_hand((header, line[:16] + b"\1\2\3\4" + line[20:])))
    assert "its checksum in the archive is another one" in said(case)["some.zip: check.jsonl"]
    assert len(case.attempts) == 1


def test_damaged_data_are_read_up_to_the_damage(tmp_path: Path) -> None:
    text = log_of(*(attempt(took=number) for number in range(3000))).encode()
    header, line = entry(b"check.jsonl", text)
    half = len(header) // 2
    case = judged(tmp_path, by_hand((header[:half] + bytes(64) + header[half + 64 :], line)))
    assert "damaged" in said(case)["some.zip: check.jsonl"]
    assert 100 < len(case.attempts[0].attempts) < 3000


def test_of_an_archive_that_is_cut_off_the_whole_files_before_are_read(tmp_path: Path) -> None:
    names = (random.Random(seed).randbytes(100).hex() for seed in range(30))
    long = log_of(*(attempt(name=name) for name in names)).encode()
    case = judged(tmp_path, zipped(SOUND, ("long.jsonl", long))[:-2000])
    told = said(case)
    assert "its table of contents at the end cannot be read" in told["some.zip"]
    assert f"it ends here, and should have {len(long)} bytes" in told["some.zip: long.jsonl"]
    assert [len(log.attempts) > 2 for log in case.attempts] == [False, True]


def test_a_table_that_is_too_large_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_directory, "LARGEST_DIRECTORY", 500)
    case = judged(tmp_path, zipped(*((f"{number}{'x' * 100}.md", b"") for number in range(9)), SOUND))
    assert "larger than" in said(case)["some.zip"]
    assert len(case.attempts) == 1


def test_no_more_files_are_looked_at_than_a_case_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    case = judged(tmp_path, zipped(SOUND, ("b.jsonl", CHECK), ("c.jsonl", CHECK)))
    assert [file.kind for file in case.files] == [Kind.CHECK, Kind.CHECK, Kind.UNREAD]


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "check.jsonl").write_bytes(CHECK)
    (tmp_path / "empty.zip").write_bytes(zipped())
    case = gather([str(tmp_path)], said=word((), ()))
    assert said(case) == {"empty.zip": "the archive holds no evidence: put captures or reports into it"}


def test_an_archive_that_comes_through_a_pipe_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.zip").write_bytes(zipped(SOUND))
    with (tmp_path / "some.zip").open("rb") as file:
        monkeypatch.setattr(
            "bothways.host.gather.spool_standard_input",
            lambda *, report: Spool(file.fileno(), cited="standard input", report=report),
        )
        case = gather(["-"], said=word((), ()))
    assert [file.path for file in case.files] == ["standard input: check.jsonl"]


@given(st.data())
def test_mangled_archives_do_no_harm(data: st.DataObject) -> None:
    whole = bytearray(zipped(SOUND, ("b/client.pcap", bytes(300))))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(5, len(whole)))
    with TemporaryFile() as file, ExitStack() as kept:
        file.write(whole[:cut])
        file.seek(0)
        spool = Spool(file.fileno(), cited="some.zip", report=silent)
        kept.callback(spool.close)
        for found in unpacked(Found(path=Path("some.zip"), cited="some.zip", spool=spool), kept):
            if found.archive and not found.trouble:
                assert sum(map(len, pieces_of(found))) <= 256 << 20


def manifest_of(**more: object) -> tuple[str, bytes]:
    return "manifest.json", json.dumps({"bothways-dossier": 1, **more}).encode()


@pytest.mark.parametrize(
    "manifest",
    [
        manifest_of(files=7, targets="all", controls={}, command=0, began=[]),
        manifest_of(files=[{"name": "../check.jsonl", "sha256": "0" * 64}, 5, None, []]),
        ("manifest.json", b'{"bothways-dossier":' + b"[" * 200_000),
        ("manifest.json", b'{"bothways-dossier": 1, "files": [' + b'"x",' * 50_000 + b'"x"]}'),
    ],
    ids=["wrong types", "wrong files", "deeply nested", "huge"],
)
def test_a_manifest_of_a_stranger_spoils_no_file(tmp_path: Path, manifest: tuple[str, bytes]) -> None:
    case = judged(tmp_path, zipped(manifest, SOUND))
    problems = [problem for file in case.files for problem in file.problems]
    assert 0 < len(problems) < 40
    assert len(case.attempts[0].attempts) == 1
    assert not case.manifests[0].targets


def test_a_member_that_is_not_what_the_manifest_tells_is_judged_and_named(tmp_path: Path) -> None:
    listed = [{"name": "check.jsonl", "sha256": "0" * 64, "vantage": "there"}]
    case = judged(tmp_path, zipped(manifest_of(files=listed), SOUND))
    assert "another SHA-256" in said(case)["some.zip: check.jsonl"]
    assert (len(case.attempts), case.files[0].role.vantage) == (1, "there")


def test_a_manifest_speaks_of_its_own_archive_alone(tmp_path: Path) -> None:
    listed = [{"name": "check.jsonl", "sha256": hashlib.sha256(CHECK).hexdigest(), "vantage": "there"}]
    (tmp_path / "one.zip").write_bytes(zipped(manifest_of(files=listed), SOUND))
    (tmp_path / "two.zip").write_bytes(zipped(SOUND))
    case = gather([str(tmp_path)], said=word((), ()))
    assert {file.path: file.role.vantage for file in case.files if file.kind is Kind.CHECK} == {
        "one.zip: check.jsonl": "there",
        "two.zip: check.jsonl": "client",
    }


def test_compressed_files_in_a_small_archive_grow_to_no_more_than_their_share(tmp_path: Path) -> None:
    bomb = gzip.compress(CHECK + b" " * (9 << 20))
    fillers = ((f"{number}.gz", b"\0") for number in range(40))
    case = judged(tmp_path, zipped(*fillers, ("check.jsonl.gz", bomb)))
    assert f"no more than {(256 << 20) // 41} bytes are read" in said(case)["some.zip: check.jsonl.gz"]
    assert len(case.attempts) == 1


def test_names_with_the_other_systems_separator_hint_all_the_same(tmp_path: Path) -> None:
    capture = (CAMPUS / "server.pcap").read_bytes()
    case = judged(tmp_path, by_hand(entry(b"campus\\server.pcap", capture)))
    assert [(file.path, file.role.vantage) for file in case.files] == [("some.zip: campus\\server.pcap", "server")]
