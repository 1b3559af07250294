"""A road is built, path tools run on it from both ends, and what they print is kept beside the truth."""

from pathlib import Path

from bothways.errors import InvalidRunError
from bothways.lab import programs
from bothways.lab.folder import SEAL, Folder
from bothways.lab.progress import Tell
from bothways.lab.roads.road import Road
from bothways.lab.roads.truth import text
from bothways.lab.world import nodes, world

EVIDENCE = world.WORK / "evidence"


def travel(road: Road, out: Path, tell: Tell) -> None:
    """Make the reports of a road in a world of its own, and leave them in a folder, `truth.json` last.

    Raises:
        CallError: the folder holds something already, or cannot be made; or a program is not installed.
        InputError: the network cannot be built.
        InvalidRunError: a tool failed, or a wire lost what it was not to lose; says how.
        MissingPermissionError: not root, or not Linux.
    """
    world.insist()
    programs.insist_on_tools(road.reports)
    with Folder(out) as folder:

        def life() -> int:
            _perform(road, folder, tell)
            return 0

        world.live(life)


def _perform(road: Road, folder: Folder, tell: Tell) -> None:
    from bothways.lab.box.build import build  # noqa: PLC0415 - pyroute2 takes a while to import
    from bothways.lab.witnesses import paths  # noqa: PLC0415 - with it

    EVIDENCE.mkdir()
    network = road.network()
    tell(f"building {len(network.nodes)} hosts and routers")
    box = build(network, road.seed)
    box.load_filters()
    tell("tracing paths")
    try:
        paths.report(road.reports, network, EVIDENCE)
    except nodes.ProgramError as error:
        raise InvalidRunError(str(error)) from error
    surprises = [f"{what}: {frames} frames" for wire in box.end_wires() for what, frames in wire.surprises.items()]
    if surprises:
        message = f"road {road.seed}: lost what it was not to lose, {'; '.join(surprises)}"
        raise InvalidRunError(message)
    (EVIDENCE / SEAL).write_text(text(road))
    folder.fill(EVIDENCE)
