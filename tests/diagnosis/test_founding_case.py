"""The case that this was made for, from path reports of both ways beside the client's capture."""

import shutil
from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import TargetDiagnosis
from bothways.facts.fact import Fact
from bothways.facts.ways import FIREWALL_ON_WAYS, Stands
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.unknown import Unknown
from tests.helpers.repository import TOP

CAMPUS = TOP / "examples" / "campus"
WITHOUT = ("client.pcap", "outbound.mtr.txt", "inbound.mtr.txt")
WITH = (*WITHOUT, "control-outbound.mtr.txt", "control-inbound.mtr.txt")


def judged(folder: Path, files: tuple[str, ...]) -> tuple[TargetDiagnosis, Fact]:
    for name in files:
        shutil.copy(CAMPUS / name, folder / name)
    target = diagnose(gather([str(folder)], said=word([], []))).targets[0]
    return target, next(fact for fact in target.facts if fact.kind is FIREWALL_ON_WAYS)


def test_without_the_controls_reports_the_firewall_is_only_not_seen_on_the_way_back(tmp_path: Path) -> None:
    _, fact = judged(tmp_path, WITHOUT)
    assert isinstance(fact.answer, Unknown)
    assert "is not seen on the way back, but nothing shows that it would answer on that way" in fact.answer.why


def test_somebody_at_the_servers_end_is_asked_for_what_would_prove_it(tmp_path: Path) -> None:
    target, _ = judged(tmp_path, WITHOUT)
    (ask,) = [ask for ask in target.next if "control-path-back" in (ask.id, *ask.also)]
    assert ask.who == "server's administrator"
    assert "> control-inbound.mtr.txt" in ask.command


def test_with_them_its_absence_is_proven_and_nobody_is_asked_again(tmp_path: Path) -> None:
    target, fact = judged(tmp_path, WITH)
    assert fact.answer is Stands.THERE_ONLY
    assert "it answers as hop 8" in fact.says
    assert not any("control-path-back" in (ask.id, *ask.also) for ask in target.next)


@pytest.mark.parametrize("files", [WITHOUT, WITH])
def test_a_firewall_that_only_its_name_gives_away_confirms_nothing(tmp_path: Path, files: tuple[str, ...]) -> None:
    target, fact = judged(tmp_path, files)
    assert not fact.settles
    assert target.verdict.theory is None
    assert target.verdict.possible[0] == "asymmetric-bypass"
