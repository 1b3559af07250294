"""The collection re-taken badly: the verdict may weaken, but nothing wrong is confirmed and no truth eliminated."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.errors import InputError
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers.cases import VIEWS, CaseFolder, case_folders, wrongs
from tests.helpers.degraded import (
    clocks_apart,
    copied,
    cut_to,
    every_tenth_dropped,
    mirrored_twice,
    one_way,
    routers_silent,
    started_late,
    stopped_early,
    taken_on_any,
    translated_at_the_firewall,
)

Degrade = Callable[[Path, str], None]


def _of_folder(degrade: Callable[[Path], None]) -> Degrade:
    return lambda folder, _: degrade(folder)


HOW: dict[str, Degrade] = {
    "snap length 96": _of_folder(cut_to(96)),
    "snap length 68": _of_folder(cut_to(68)),
    "taken on any": _of_folder(taken_on_any),
    "routers silent": _of_folder(routers_silent),
    "behind NAT": translated_at_the_firewall,
    "way there only": lambda folder, client: one_way(client, there=True)(folder),
    "way back only": lambda folder, client: one_way(client, there=False)(folder),
    "clocks apart": _of_folder(clocks_apart),
    "every tenth dropped": _of_folder(every_tenth_dropped),
    "mirrored twice": _of_folder(mirrored_twice),
    "started late": _of_folder(started_late),
    "stopped early": _of_folder(stopped_early),
}


@pytest.mark.parametrize("how", list(HOW))
@pytest.mark.parametrize("case", list(case_folders()), ids=lambda case: case.id)
def test_bad_evidence_weakens_a_verdict_and_never_falsifies_it(case: CaseFolder, how: str, tmp_path: Path) -> None:
    folder = copied(case.path, tmp_path / "evidence")
    HOW[how](folder, json.loads((case.path / "truth.json").read_text())["client"])
    for view in ("whole", "client", "both", "firewall"):
        files = [str(file) for file in sorted(folder.iterdir()) if VIEWS[view](file.name)]
        try:
            diagnosis = diagnose(gather(files, said=word([], []))) if files else None
        except InputError:
            diagnosis = None
        assert wrongs(case, diagnosis) == [], view
        if case.theory == "healthy" and diagnosis is not None:
            assert diagnosis.verdict.ruling in {"healthy", "undetermined"}, view
