"""A folder with a manifest: its maker's word about the files counts, unless the user says otherwise."""

import hashlib
import json
from pathlib import Path

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.roles import Roles, Wanted
from bothways.evidence.attempt import Outcome
from bothways.evidence.case import Kind
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers.checked import CONTROL, SERVER, SITE, attempt, log_of

CHECK = log_of(
    attempt(Outcome.STALLED),
    attempt(Outcome.STALLED, address=CONTROL.address, name="other.example.net", control=True),
)


def dossier(folder: Path, **more: object) -> Path:
    (folder / "check.jsonl").write_text(CHECK, encoding="utf-8")
    listed = {"name": "check.jsonl", "sha256": hashlib.sha256(CHECK.encode()).hexdigest(), "vantage": "here"}
    told = {
        "bothways-dossier": 1,
        "targets": [{"address": SERVER.address, "port": SERVER.port, "name": SITE}],
        "files": [listed],
        **more,
    }
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_what_it_was_made_for_is_judged_and_what_was_compared_is_not(tmp_path: Path) -> None:
    case = gather([str(dossier(tmp_path))], said=word((), ()))
    assert [file.kind for file in case.files] == [Kind.CHECK, Kind.MANIFEST]
    assert not any(file.problems for file in case.files)
    assert [target.server for target in diagnose(case).targets] == [SERVER]


def test_the_user_may_ask_about_a_control(tmp_path: Path) -> None:
    case = gather([str(dossier(tmp_path))], said=word((), ()))
    asked = Roles(targets=(Wanted(host=CONTROL.address),))
    assert [target.server for target in diagnose(case, asked).targets] == [CONTROL]


def test_its_word_about_a_file_is_taken_and_the_users_overrules_it(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    case = gather([str(folder)], said=word((), ()))
    assert (case.files[0].role.vantage, case.files[0].role.decided) == ("here", True)
    case = gather([str(folder)], said=word(["check.jsonl=there"], ()))
    assert case.files[0].role.vantage == "there"


def test_a_file_that_was_changed_is_judged_and_named(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    (folder / "check.jsonl").write_text(CHECK + CHECK.splitlines()[1] + "\n", encoding="utf-8")
    case = gather([str(folder)], said=word((), ()))
    assert "another SHA-256" in case.files[0].problems[0].says
    assert len(case.attempts[0].attempts) == 3


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = dossier(tmp_path, files=[{"name": f"{number}.pcap", "sha256": "0" * 64} for number in range(7)])
    case = gather([str(folder)], said=word((), ()))
    (says,) = [problem.says for problem in case.files[1].problems]
    assert says == "it lists files that are not there: 0.pcap, 1.pcap, 2.pcap, 3.pcap, 4.pcap and 2 more"


def test_a_manifest_that_is_none_stops_nothing(tmp_path: Path) -> None:
    folder = dossier(tmp_path)
    (folder / "manifest.json").write_text('{"something": "else"}', encoding="utf-8")
    case = gather([str(folder)], said=word((), ()))
    assert [file.kind for file in case.files] == [Kind.CHECK, Kind.UNREAD]
