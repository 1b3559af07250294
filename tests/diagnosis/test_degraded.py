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
from tests.helpers.degraded import copied, cut_to, routers_silent, taken_on_any, translated_at_the_firewall

HOW: dict[str, Callable[[Path], None] | None] = {
    "snap length 96": cut_to(96),
    "snap length 68": cut_to(68),
    "taken on any": taken_on_any,
    "routers silent": routers_silent,
    "behind NAT": None,
}


@pytest.mark.parametrize("how", list(HOW))
@pytest.mark.parametrize("case", list(case_folders()), ids=lambda case: case.id)
def test_bad_evidence_weakens_a_verdict_and_never_falsifies_it(case: CaseFolder, how: str, tmp_path: Path) -> None:
    folder = copied(case.path, tmp_path / "evidence")
    degrade = HOW[how]
    if degrade is not None:
        degrade(folder)
    else:
        translated_at_the_firewall(folder, json.loads((case.path / "truth.json").read_text())["client"])
    for view in ("whole", "client", "both", "firewall"):
        files = [str(file) for file in sorted(folder.iterdir()) if VIEWS[view](file.name)]
        try:
            diagnosis = diagnose(gather(files, said=word([], []))) if files else None
        except InputError:
            diagnosis = None
        assert wrongs(case, diagnosis) == [], view
        if case.theory == "healthy" and diagnosis is not None:
            assert diagnosis.verdict.ruling in {"healthy", "undetermined"}, view
