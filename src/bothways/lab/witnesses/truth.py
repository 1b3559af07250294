"""`truth.json`: what an honest judge should find out of a run, and how it was made. Written last, as a seal."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from bothways.lab.folder import SEAL
from bothways.lab.model.scenario import Scenario, Where
from bothways.lab.witnesses.signs import Observed
from bothways.lab.witnesses.versions import versions


def write(scenario: Scenario, observed: Sequence[Observed], folder: Path) -> None:
    """Write the truth of a run.

    Raises:
        ProgramError: a program does not tell its version.
    """
    (folder / SEAL).write_text(json.dumps(truth(scenario, observed), indent=1, ensure_ascii=False) + "\n")


def truth(scenario: Scenario, observed: Sequence[Observed]) -> dict[str, object]:
    """Return what the file says, its keys in their order.

    `answer` is absent where nothing is dropped; all that the scenario's truth says is absent where it has none.

    Raises:
        ProgramError: a program does not tell its version.
    """
    return {
        "scenario": scenario.name,
        **_told(scenario),
        "observed": [{"says": one.sign.says, "count": one.count, "how": one.how} for one in observed],
        "seed": scenario.seed,
        "parameters": dict(sorted(scenario.parameters.items())),
        "mended": scenario.mended,
        "kernel": os.uname().release,
        "programs": versions(scenario),
    }


def _told(scenario: Scenario) -> dict[str, object]:
    truth = scenario.truth
    if truth is None:
        return {}
    answer = {} if truth.answer is None else {"answer": truth.answer}
    return {
        "theory": truth.theory,
        "says": truth.says,
        "client": truth.client,
        "server": truth.server,
        "port": truth.port,
        "name": truth.name,
        "control": truth.control,
        "firewall": truth.firewall,
        **answer,
        "where": _where(truth.where),
    }


def _where(where: Where | None) -> dict[str, object] | None:
    if where is None:
        return None
    return {"way": where.way, "between": where.between, "addresses": where.addresses}
