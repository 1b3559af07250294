"""Which files the arguments stand for, and how they are cited."""

import errno
import os
import socket
from pathlib import Path

import pytest

from bothways.errors import CallError
from bothways.host import found as module
from bothways.host.found import Found, find, shown


def cited(*arguments: Path | str) -> list[str]:
    return [file.cited for file in find([str(argument) for argument in arguments])]


def troubles(*arguments: Path | str) -> dict[str, str]:
    return {file.cited: file.trouble for file in find([str(argument) for argument in arguments]) if file.trouble}


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_file_is_cited_by_its_name(tmp_path: Path) -> None:
    touch(tmp_path / "deep" / "client.pcap")
    assert cited(tmp_path / "deep" / "client.pcap") == ["client.pcap"]


def test_a_folder_is_walked_in_order_and_cited_from_within(tmp_path: Path) -> None:
    touch(tmp_path / "b.pcap", tmp_path / "a" / "z.txt", tmp_path / "a" / "c" / "d.log", tmp_path / "a.txt")
    assert cited(tmp_path) == ["a/c/d.log", "a/z.txt", "a.txt", "b.pcap"]


def test_several_folders_are_told_apart_by_their_names(tmp_path: Path) -> None:
    touch(tmp_path / "one" / "client.pcap", tmp_path / "two" / "client.pcap")
    assert cited(tmp_path / "one", tmp_path / "two") == ["one/client.pcap", "two/client.pcap"]


def test_two_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    touch(tmp_path / "one" / "client.pcap", tmp_path / "two" / "client.pcap")
    second = tmp_path / "two" / "client.pcap"
    assert cited(tmp_path / "one" / "client.pcap", second) == ["client.pcap", str(second)]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    touch(tmp_path / "client.pcap")
    assert cited(tmp_path, tmp_path / "client.pcap", f"{tmp_path}/../{tmp_path.name}/client.pcap") == ["client.pcap"]


def test_what_accompanies_evidence_is_passed_over_unless_named(tmp_path: Path) -> None:
    names = ("README", "readme.txt", "notes.md", "case.toml", ".hidden", "client.pcap")
    touch(*(tmp_path / name for name in names))
    assert cited(tmp_path) == ["client.pcap"]
    assert cited(tmp_path / "notes.md") == ["notes.md"]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "evidence"
    empty.mkdir()
    assert troubles(empty) == {
        "evidence/": "the folder holds no evidence: it is empty; put captures, path reports or logs into it"
    }


def test_a_folder_of_nothing_but_notes_says_what_is_passed_over(tmp_path: Path) -> None:
    touch(tmp_path / "evidence" / "README.md")
    assert "files that are passed over" in troubles(tmp_path / "evidence")["evidence/"]


@pytest.mark.parametrize("name", ["nothing.pcap", "", "a\0b"])
def test_what_does_not_exist_is_a_wrong_call(name: str) -> None:
    with pytest.raises(CallError, match="there is no such file or folder; check the name"):
        find([name])


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 5000])
def test_a_name_that_is_too_long_is_said_to_be(name: str) -> None:
    (trouble,) = troubles(name).values()
    assert trouble == "it cannot be opened: file name too long"


def test_a_file_in_a_closed_folder_is_said_to_be_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "client.pcap")

    def closed(self: Path, **_: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "lstat", closed)
    monkeypatch.setattr(Path, "stat", closed)
    assert troubles(tmp_path / "client.pcap")["client.pcap"].startswith("it cannot be opened: permission denied; ")


def test_a_working_folder_that_is_gone_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    (trouble,) = troubles(".").values()
    assert "the folder holds no evidence" in trouble


def test_links_that_lead_back_are_not_followed_for_ever(tmp_path: Path) -> None:
    touch(tmp_path / "top" / "in" / "client.pcap")
    (tmp_path / "top" / "in" / "again").symlink_to(tmp_path / "top")
    assert cited(tmp_path / "top") == ["in/again/", "in/client.pcap"]
    assert "a link leads back" in troubles(tmp_path / "top")["in/again/"]


def test_links_that_multiply_are_walked_once(tmp_path: Path) -> None:
    """Twenty folders with two links each to the next would be a million folders."""
    for depth in range(20):
        (tmp_path / f"{depth}").mkdir()
        for link in "ab":
            (tmp_path / f"{depth}" / link).symlink_to(tmp_path / f"{depth + 1}")
    (tmp_path / "20").mkdir()
    touch(tmp_path / "20" / "client.pcap")
    assert len(find([str(tmp_path)])) < 100


def test_a_broken_link_says_so(tmp_path: Path) -> None:
    (tmp_path / "gone.pcap").symlink_to(tmp_path / "nowhere")
    assert troubles(tmp_path) == {"gone.pcap": "it is a link to something that does not exist"}


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    os.mkfifo("pipe.pcap")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.pcap")
    said = troubles(tmp_path, "/dev/null")
    assert "it is a pipe" in said["pipe.pcap"]
    assert "it is a socket" in said["socket.pcap"]
    assert "it is a device" in said["null"]


def test_a_folder_with_too_many_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 3)
    touch(*(tmp_path / f"{n}.txt" for n in range(9)), *(tmp_path / "sub" / f"{n}.txt" for n in range(9)))
    files = find([str(tmp_path)])
    assert len(files) == 4
    assert "more than 3 files" in files[-1].trouble


def test_a_folder_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    real = os.listdir

    def refuses(folder: Path) -> list[str]:
        # Root may read everything: then the system does not refuse by itself.
        if folder == locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "listdir", refuses)
    assert "permission denied" in troubles(tmp_path)["locked/"]


def test_names_are_cited_printable(tmp_path: Path) -> None:
    touch(tmp_path / "a\x1b[31m.pcap")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.pcap")).touch()
    assert cited(tmp_path) == ["a\\x1b[31m.pcap", "\\xff.pcap"]
    assert shown("plain é") == "plain é"


def test_a_folder_given_as_a_dot_has_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "one" / "client.pcap", tmp_path / "two" / "client.pcap")
    monkeypatch.chdir(tmp_path / "one")
    assert cited(".", "../two") == ["one/client.pcap", "two/client.pcap"]


def test_a_found_file_has_no_trouble_by_default() -> None:
    assert not Found(path=Path("a"), cited="a").trouble


def test_a_dash_is_standard_input_and_a_file_of_that_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    touch(tmp_path / "-")
    found = find(["-", "./-", "-"])
    assert [(file.cited, file.piped) for file in found] == [("standard input", True), ("-", False)]


def test_a_pipe_that_is_named_is_kept_and_a_shells_pipe_is_cited_as_given(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read, write = os.pipe()
    named, shells = find([str(tmp_path / "pipe"), f"/dev/fd/{read}"])
    assert (named.cited, named.piped, named.trouble) == ("pipe", True, "")
    assert (shells.cited, shells.piped, shells.trouble) == (f"/dev/fd/{read}", True, "")
    os.close(read)
    os.close(write)
