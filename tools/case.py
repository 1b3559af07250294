"""Makes a case of the collection from a run of the lab (as root).

python tools/case.py                            list the cases that have a scenario
python tools/case.py FOLDER...                  run FOLDER/scenario.toml; its evidence takes the place of FOLDER's
python tools/case.py FOLDER --from RECIPE [--set KEY=VALUE]... [--seed N]
                                                write FOLDER/scenario.toml first, as `bothways lab show` does

FOLDER is tests/cases/THEORY/NAME. All evidence in it is replaced and README.md written anew, once a run has proved what
it was to prove; `case.toml` and `scenario.toml` stay. The comment at the head of `scenario.toml` is the maker's word on
the case and goes into README.md. `ss` and `nstat` of a host are kept only where the file says `counters`: most cases
are not about them.
"""

import argparse
import json
import shutil
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from bothways.errors import BothwaysError, CallError
from bothways.lab.model.file import read, write
from bothways.lab.model.scenario import Scenario
from bothways.lab.progress import StatusLine
from bothways.lab.run import run
from bothways.lab.scenarios import scenario_of, settings_of

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))

from tests.helpers.tshark import packets  # noqa: E402 - needs the path
from tools.certificate import Birth, certificate, note_of  # noqa: E402 - as above
from tools.seen import seen  # noqa: E402 - as above

CASES = TOP / "tests" / "cases"
SCENARIO = "scenario.toml"
STAYS = {"case.toml", SCENARIO}

NO_EVIDENCE = ("connections.log", "*.conntrack-stats.txt")
"""Files of a run that no reader knows. Its folder `routers` is left out too: sixty kilobytes of what paths show."""


def main(arguments: list[str]) -> int:
    called = _arguments(arguments)
    try:
        folders = [case_at(folder) for folder in called.folders]
        if called.recipe:
            begin(folders[0], called.recipe, settings=called.settings, seed=called.seed)
        for folder in folders:
            make(folder)
    except BothwaysError as error:
        print(f"case.py: {error}", file=sys.stderr)
        return error.exit_status
    for name in known(CASES) if not folders else ():
        print(name)
    return 0


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--from", dest="recipe", metavar="RECIPE")
    parser.add_argument("--set", dest="settings", metavar="KEY=VALUE", action="append", default=[])
    parser.add_argument("--seed", type=int, default=0)
    called = parser.parse_args(arguments)
    if called.recipe and len(called.folders) != 1:
        parser.error("--from makes one case: say one folder")
    if not called.recipe and (called.settings or called.seed):
        parser.error("--set and --seed are for --from RECIPE")
    return called


def known(cases: Path) -> list[str]:
    """The cases that can be made again, as they are called."""
    return [str(file.parent.relative_to(cases)) for file in sorted(cases.glob(f"*/*/{SCENARIO}"))]


def begin(folder: Path, recipe: str, *, settings: list[str], seed: int) -> None:
    """Write a recipe's scenario as a case's, for its maker to go on from."""
    file = folder / SCENARIO
    if file.exists():
        message = f"{file} is there already; remove it first, or leave out --from"
        raise CallError(message)
    scenario = scenario_of(recipe, settings_of(settings), seed=seed, mended=False)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(begun(scenario, folder.name, settings))


def begun(scenario: Scenario, name: str, settings: list[str]) -> str:
    """A recipe's scenario as the file of a case of that name."""
    call = " ".join(("bothways lab show", scenario.name, *(f"--set {word}" for word in settings)))
    return f"# From `{call} --seed {scenario.seed}`.\n\n{write(replace(scenario, name=name, counters=[]))}"


def scenario_in(text: str, name: str) -> Scenario:
    """The scenario of a case's file, hosts asked for their counters only where the file says so."""
    return replace(read(text.encode(), name), counters=tomllib.loads(text).get("counters", []))


def case_at(folder: Path) -> Path:
    """The folder of a case, which lies where the collection looks for it."""
    whole = folder.resolve()
    if whole.parent.parent != CASES:
        message = f"{folder} is no place for a case, which is {CASES}/THEORY/NAME"
        raise CallError(message)
    return whole


def make(folder: Path) -> None:
    """Run a case's scenario, and put what came of it in the place of its evidence."""
    file = folder / SCENARIO
    if not file.exists():
        message = f"{folder} has no {SCENARIO}; to begin one, say --from RECIPE"
        raise CallError(message)
    text = file.read_text()
    scenario = scenario_in(text, str(file))
    if scenario.truth is None:
        message = f"{file}: says nothing under [truth], without which a case cannot be judged"
        raise CallError(message)
    with TemporaryDirectory(prefix="bothways-case-") as scratch:
        made = Path(scratch)
        status = StatusLine()
        try:
            run(scenario, made, status)
        finally:
            status.wipe()
        birth = Birth(
            case=str(folder.relative_to(TOP)),
            note=note_of(text),
            scenario=scenario,
            truth=json.loads((made / "truth.json").read_text()),
            views={file.name: seen(packets(file)) for file in sorted(made.glob("*.pcap"))},
            day=datetime.now(tz=UTC).date(),
        )
        take(made, folder)
        (folder / "README.md").write_text(certificate(birth))
    kept = sum(kept.stat().st_size for kept in folder.iterdir())
    print(f"{folder.relative_to(CASES)}: {kept / 1000:.0f} kB")


def take(made: Path, folder: Path) -> None:
    """Replace a case's evidence by that of a run."""
    for old in folder.iterdir():
        if old.name not in STAYS:
            old.unlink()
    for file in sorted(made.iterdir()):
        if file.is_file() and not any(file.match(pattern) for pattern in NO_EVIDENCE):
            shutil.copyfile(file, folder / file.name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
