"""The case collection: folders of evidence with their truth, and what may be said of each from each view.

A case is judged from a copy without its truth file, certificate and expectations, under a neutral folder name. Its
`case.toml` has a table per view with four lists of statements: `must_say`, `must_not_say`, `may_say` (documentation for
people: what a right answer may look like) and `must_ask` (who must be asked something first). A statement is one of

    healthy, open, undetermined, nothing           the verdict, or that there is nothing to judge
    confirmed, confirmed:THEORY                     possible:THEORY      eliminated:THEORY
    inseparable:THEORY,THEORY,...                   the set is declared inseparable (or part of a larger one)
    answer:ANSWER                                   hop:INDEX            way:WAY
"""

import json
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.errors import InputError
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.theories.catalogue import THEORIES
from bothways.verdict.standing import Judged, Standing

CASES = Path(__file__).parents[1] / "cases"

NOT_EVIDENCE = {"truth.json", "case.toml", "scenario.toml", "README.md"}

VIEWS: dict[str, Callable[[str], bool]] = {
    "whole": lambda _: True,
    "client": lambda name: name == "client.pcap",
    "server": lambda name: name == "server.pcap",
    "both": lambda name: name in {"client.pcap", "server.pcap"},
    "both+paths": lambda name: name in {"client.pcap", "server.pcap"} or "bound" in name,
    "paths": lambda name: "bound" in name,
    "firewall": lambda name: name.startswith("firewall"),
}
"""What an investigator may have of a case, by file name."""

CATALOGUE = {theory.id for theory in THEORIES}


ELIMINATED = "eliminated the truth"
"""How the mistake begins that a theory is ruled out although it is the truth."""

SPARES_SOME = {"source-blocked", "path-member-fault", "syn-proxy", "option-sensitive"}
"""Causes by which one client, port or kind of SYN fails and others are served: who sees only the others sees no
failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must and must not be said of one view."""

    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    may_say: tuple[str, ...] = ()
    must_ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFolder:
    """One folder of evidence."""

    path: Path
    theory: str
    """The planted cause; `healthy` for none."""

    answer: str | None
    expected: dict[str, Expected] = field(default_factory=dict, hash=False)

    @property
    def id(self) -> str:
        """Readable name for a test."""
        return f"{self.path.parent.name}/{self.path.name}"

    def files(self, view: str) -> list[Path]:
        """The evidence files that *view* has."""
        files = (file for file in sorted(self.path.iterdir()) if file.name not in NOT_EVIDENCE and file.is_file())
        return [file for file in files if VIEWS[view](file.name)]


def case_folders() -> Iterator[CaseFolder]:
    """Every case, in order of its path."""
    for truth in sorted(CASES.glob("*/*/truth.json")):
        yield folder_of(truth)


def folder_of(truth: Path) -> CaseFolder:
    """Return the case, or the run of the lab, to which a truth file belongs."""
    told = json.loads(truth.read_text())
    expected = _expected(truth.parent)
    return CaseFolder(path=truth.parent, theory=told["theory"], answer=told.get("answer"), expected=expected)


def _expected(folder: Path) -> dict[str, Expected]:
    file = folder / "case.toml"
    if not file.exists():
        return {}
    tables = tomllib.loads(file.read_text())
    return {view: Expected(**{key: tuple(value) for key, value in table.items()}) for view, table in tables.items()}


@cache
def judge(case: CaseFolder, view: str) -> Diagnosis | None:
    """Diagnose *view* of *case* from a copy under a neutral name; None where there is nothing to judge."""
    return judged_anew(case, view)


def judged_anew(case: CaseFolder, view: str) -> Diagnosis | None:
    """Diagnose as `judge` does, whoever asked before: what is known of causes may have changed."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "evidence"
        folder.mkdir()
        for file in case.files(view):
            shutil.copy(file, folder / file.name)
        try:
            return diagnose(gather([str(folder)], said=word([], [])))
        except InputError:
            return None


def says(diagnosis: Diagnosis | None) -> set[str]:
    """Every statement that holds of *diagnosis*, for its worst target."""
    if diagnosis is None:
        return {"nothing"}
    verdict = diagnosis.verdict
    said = {str(verdict.ruling), *(f"possible:{name}" for name in verdict.possible)}
    if verdict.theory:
        said.add(f"confirmed:{verdict.theory}")
    if verdict.answer:
        said.add(f"answer:{verdict.answer}")
    if verdict.where:
        said |= {f"way:{verdict.where.way}", *(f"hop:{hop.index}" for hop in verdict.where.hops)}
    if diagnosis.targets:
        target = diagnosis.targets[0]
        said |= {f"eliminated:{item.theory}" for item in target.judged if item.standing is Standing.ELIMINATED}
        said |= {f"inseparable:{','.join(sorted(group))}" for group in target.inseparable}
    return said


def holds(statement: str, said: set[str]) -> bool:
    """Whether *statement* holds; an inseparable set holds as part of a larger one."""
    if not statement.startswith("inseparable:"):
        return statement in said
    wanted = set(statement.removeprefix("inseparable:").split(","))
    return any(wanted <= set(item.removeprefix("inseparable:").split(",")) for item in said if item.startswith("insep"))


def wrongs(case: CaseFolder, diagnosis: Diagnosis | None, *, works: bool = False) -> list[str]:
    """What must never be said of any view: a wrong cause confirmed, the truth eliminated, a failure called healthy.

    *works*: what is left in view does, and the failure came later.
    """
    if diagnosis is None:
        return []
    found = [
        f"{target.id}: confirmed {target.verdict.theory}"
        for target in diagnosis.targets
        if target.verdict.theory not in {None, case.theory}
    ]
    unseen = works or case.theory in SPARES_SOME
    spared = unseen and not any(target.failed for target in diagnosis.targets)
    if diagnosis.verdict.ruling is Ruling.HEALTHY and case.theory != "healthy" and not spared:
        found.append("called healthy")
    kills = [_killers(case, item.judged) for item in (diagnosis.targets[0].findings if diagnosis.targets else ())]
    if kills and all(kills):
        found.append(f"{ELIMINATED} by {kills[0]}")
    return found


def _killers(case: CaseFolder, judged: Sequence[Judged]) -> list[str]:
    """The kinds of facts that eliminated the truth; of several faults at once, each finding eliminates the others'."""
    fallen = [item for item in judged if item.theory == case.theory and item.standing is Standing.ELIMINATED]
    return [fact.kind.id for item in fallen for fact in item.against]
