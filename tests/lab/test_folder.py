import shutil
from pathlib import Path

import pytest

from bothways.errors import CallError
from bothways.lab.folder import SEAL, Folder


def evidence(folder: Path) -> Path:
    (folder / "routers").mkdir(parents=True)
    for name in (SEAL, "a.pcap", "routers/r1.json", "z.log"):
        (folder / name).write_text(name)
    return folder


def test_everything_is_copied(tmp_path: Path) -> None:
    with Folder(tmp_path / "out") as folder:
        folder.fill(evidence(tmp_path / "made"))
    copied = {str(file.relative_to(tmp_path / "out")): file.read_text() for file in (tmp_path / "out").rglob("*.*")}
    assert copied == {name: name for name in (SEAL, "a.pcap", "routers/r1.json", "z.log")}


def test_the_seal_is_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, order, real = evidence(tmp_path / "made"), list[str](), shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        order.append(Path(source).name)
        assert not (tmp_path / "out" / SEAL).exists()
        real(source, target)

    monkeypatch.setattr("shutil.copyfile", copy)
    with Folder(tmp_path / "out") as folder:
        folder.fill(made)
    assert order == ["a.pcap", "r1.json", "z.log", SEAL]


def test_a_folder_that_another_run_fills_is_refused(tmp_path: Path) -> None:
    with Folder(tmp_path / "out"), pytest.raises(CallError, match="another run fills"):
        Folder(tmp_path / "out")
    with Folder(tmp_path / "out"):
        pass


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    with pytest.raises(CallError, match="is not empty"):
        Folder(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(CallError, match="cannot make the folder"):
        Folder(tmp_path / "file")
