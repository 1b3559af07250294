"""A dossier is saved whole or not at all, holds the same bytes for the same files, and is judged as they were."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.errors import CallError
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.manifest import Asked, Listed, Manifest
from bothways.host.dossier import check_savable, save, write_manifest
from bothways.host.gather import gather_joined
from bothways.host.hints import word
from bothways.report.json_document import document
from bothways.report.page import page_of
from bothways.units import Instant
from tests.helpers.checked import BEGAN, SERVER, SITE, attempt, log_of, reply, shot, socket, trace
from tests.helpers.repository import TOP

CAMPUS = TOP / "examples" / "campus"
NEEDED = ("client.pcap", "control-inbound.mtr.txt", "inbound.mtr.txt", "outbound.mtr.txt")
MANIFEST = Manifest(
    file="",
    version="0.1.0",
    began=BEGAN,
    ended=Instant(BEGAN + 1),
    command=("bothways", "check", SITE),
    privileges=("CAP_NET_RAW",),
    targets=(Asked(server=Endpoint("203.0.113.2", 443)),),
    controls=(Asked(server=SERVER, name=SITE),),
    files=(Listed(name="client.pcap", sha256="", kind="capture", vantage="client"),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a check leaves behind."""
    made = tmp_path / "made"
    made.mkdir()
    for name in NEEDED:
        (made / name).write_bytes((CAMPUS / name).read_bytes())
    (made / "check.jsonl").write_text(log_of(attempt(), socket(), trace(shot(1, reply("10.0.0.1")))), encoding="utf-8")
    write_manifest(made, MANIFEST)
    return made


def judged(path: Path) -> dict[str, object]:
    gathered = gather_joined([str(path)], said=word((), ()), hashes=True)
    assert not any(file.problems for file in gathered.case.files)
    diagnosis = diagnose(gathered.case, None, gathered.joined)
    decoded: dict[str, object] = json.loads(document(diagnosis, page_of(diagnosis)))
    return decoded


def by_file(found: object) -> object:
    """A document in which members of a dossier are called as files are."""
    if isinstance(found, dict):
        plain = {key: by_file(value) for key, value in found.items() if key != "member"}
        return plain | {key: found["member"] for key in ("file", "path") if "member" in found and key in plain}
    if isinstance(found, list):
        return [by_file(one) for one in found]
    return found.replace("case.zip: ", "") if isinstance(found, str) else found


def test_a_dossier_is_judged_as_the_files_were_that_it_was_made_of(folder: Path, tmp_path: Path) -> None:
    save(folder, tmp_path / "case.zip")
    packed = judged(tmp_path / "case.zip")
    assert by_file(packed) == judged(folder)
    assert [target["server"] for target in packed["targets"]] == ["203.0.113.2"]  # type: ignore[attr-defined]


def test_its_members_are_cited_as_parts_of_the_one_file(folder: Path, tmp_path: Path) -> None:
    save(folder, tmp_path / "case.zip")
    packed = json.dumps(judged(tmp_path / "case.zip"))
    assert '{"file": "case.zip", "member": "client.pcap", "frame": ' in packed
    assert '"path": "case.zip", "member": "check.jsonl"' in packed


def test_the_manifest_tells_of_each_file_and_comes_first(folder: Path, tmp_path: Path) -> None:
    save(folder, tmp_path / "case.zip")
    with ZipFile(tmp_path / "case.zip") as archive:
        assert archive.namelist() == ["manifest.json", "check.jsonl", *NEEDED]
        said = json.loads(archive.read("manifest.json"))
    assert said["began"] == "2026-11-22T17:53:20.000000000Z"
    assert said["targets"] == [{"address": "203.0.113.2", "port": 443}]
    assert [one["name"] for one in said["files"]] == ["check.jsonl", *NEEDED]
    assert {one["name"]: one.get("vantage") for one in said["files"]}["client.pcap"] == "client"
    assert all(len(one["sha256"]) == 64 for one in said["files"])


def test_the_same_files_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    save(folder, tmp_path / "one.zip")
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes())
    save(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_earlier_dossier_is_replaced_and_nothing_is_left_beside_it(folder: Path, tmp_path: Path) -> None:
    save(folder, tmp_path / "case.zip")
    (folder / "check.jsonl").unlink()
    write_manifest(folder, MANIFEST)
    save(folder, tmp_path / "case.zip")
    with ZipFile(tmp_path / "case.zip") as archive:
        assert "check.jsonl" not in archive.namelist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.zip", "made"]


@pytest.mark.parametrize("content", [b"my thesis", (CAMPUS / "client.pcap").read_bytes()])
def test_what_is_no_dossier_is_not_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine").write_bytes(content)
    with pytest.raises(CallError, match="exists and is no dossier"):
        check_savable(tmp_path / "mine")


def test_a_zip_file_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(CallError, match="exists and is no dossier"):
        check_savable(tmp_path / "photos.zip")


def test_an_empty_file_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "case.zip").touch()
    check_savable(tmp_path / "case.zip")


@pytest.mark.parametrize(("name", "says"), [(".", "that is a folder"), ("not/there/case.zip", "there is no folder")])
def test_a_place_where_nothing_can_be_saved_is_named_before_any_work(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        check_savable(tmp_path / name)


def test_a_device_is_no_place_for_it() -> None:
    with pytest.raises(CallError, match="exists and is no dossier"):
        check_savable(Path("/dev/null"))


def test_a_dossier_that_cannot_be_finished_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(folder, tmp_path / "case.zip")
    before = (tmp_path / "case.zip").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bothways.host.dossier.shutil.copyfileobj", full)
    with pytest.raises(CallError, match="no space left on device"):
        save(folder, tmp_path / "case.zip")
    assert (tmp_path / "case.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.zip", "made"]
