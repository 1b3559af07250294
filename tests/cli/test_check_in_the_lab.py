"""`bothways check` from the client of a network of the lab, with no other evidence than what it makes."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bothways.cli.start import run

BOTHWAYS = (sys.executable, "-m", "bothways")
AFTERWARDS = "ss -Htan | grep -v TIME-WAIT | wc -l; nft list ruleset | wc -l"


def checked(recipe: str, save: Path) -> tuple[dict[str, Any], str]:
    """What a check says of the recipe's site, and what is left of it on the client."""
    words = shlex.join(BOTHWAYS)
    check = f"{words} check https://$SITE:$PORT/ --resolve $SITE:$PORT:$SERVER --control $MIRROR"
    script = f"{check} --json --save {shlex.quote(str(save))} > {shlex.quote(str(save))}.json; {AFTERWARDS}"
    done = subprocess.run(
        [*BOTHWAYS, "lab", "up", recipe, "--", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(Path(f"{save}.json").read_text()), done.stdout


@pytest.mark.lab
def test_a_bypassed_firewall_is_confirmed_and_placed_from_the_client_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, left = checked("asymmetric-bypass", tmp_path / "case.zip")
    verdict = document["verdict"]
    assert (verdict["standing"], verdict["theory"]) == ("confirmed", "asymmetric-bypass")
    assert [hop["index"] for hop in verdict["where"]["hops"]] == [3, 4]
    assert left.split() == ["0", "0"]
    assert run(["diagnose", str(tmp_path / "case.zip"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"]["theory"] == "asymmetric-bypass"


@pytest.mark.lab
def test_a_site_that_works_is_healthy(tmp_path: Path) -> None:
    document, left = checked("healthy", tmp_path / "case.zip")
    assert document["verdict"]["standing"] == "healthy"
    assert left.split() == ["0", "0"]
