"""One run of the lab: a network is built, clients work in it while witnesses watch, and what they saw is kept.

    build ─ filters ─ services ─ captures, state ┬ path reports ──────────────┬ all is written ─ signs ─ truth ─ copied
                                                 └ visits ─ hosts are asked ──┘

The evidence is written in memory and copied at the end. A run that is not what it was to be is no run: it says why, and
leaves its evidence without `truth.json`, so that nothing takes it for one.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from bothways.errors import InvalidRunError
from bothways.lab import programs
from bothways.lab.folder import Folder
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.progress import Tell
from bothways.lab.world import nodes, world
from bothways.lab.world.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bothways.lab.traffic.outcomes import Outcome

EVIDENCE = world.WORK / "evidence"

SETTLING_S = 2.0
"""Seconds in which the last packets of connections that ended well have come through any network of ours."""


def run(scenario: Scenario, out: Path, tell: Tell) -> None:
    """Run a scenario in a world of its own, and leave its evidence in a folder.

    Raises:
        CallError: the folder holds something already, or cannot be made; or a program is not installed.
        InputError: the scenario's network cannot be built.
        InvalidRunError: the run came out other than planned; says how.
        MissingPermissionError: not root, or not Linux.
    """
    world.insist()
    programs.insist(scenario, watched=True)
    with Folder(out) as folder:

        def life() -> int:
            _perform(scenario, folder, tell)
            return 0

        world.live(life)


def _perform(scenario: Scenario, folder: Folder, tell: Tell) -> None:
    """Do it all, inside of the lab's world."""
    from bothways.lab.witnesses.programs import IncompleteError  # noqa: PLC0415 - as below

    EVIDENCE.mkdir()
    try:
        problems = _recorded(scenario, tell)
    except (IncompleteError, nodes.ProgramError, TimeoutError) as error:
        problems = [str(error)]
    folder.fill(EVIDENCE)
    if problems:
        message = f"{scenario.name}: not what it was to be, so that it proves nothing: {'; '.join(problems)}"
        raise InvalidRunError(message)


def _recorded(scenario: Scenario, tell: Tell) -> list[str]:
    """Build the network, let things happen, write everything down; return what was not as planned."""
    from bothways.lab.box.build import build  # noqa: PLC0415 - pyroute2 takes a while to import
    from bothways.lab.witnesses import routers, signs, truth  # noqa: PLC0415 - with it

    tell(f"building {len(scenario.network.nodes)} hosts and routers")
    box = build(scenario.network, scenario.seed)
    box.load_filters()
    outcomes = _watched(scenario, tell)
    tell("counting what was planted")
    routers.ask([node.name for node in scenario.network.nodes if node.router], EVIDENCE)
    observed = signs.observe(scenario.signs, EVIDENCE)
    wires = box.end_wires()
    problems = [
        *(_unexpected(outcome) for outcome in outcomes if _is_unexpected(outcome)),
        *(f"{one.sign.says}: {one.count}, not {_wanted(one.sign)} ({one.how})" for one in observed if not one.within),
        *(
            f"{what}: {frames} frames that nobody was to lose"
            for wire in wires
            for what, frames in wire.surprises.items()
        ),
    ]
    if not problems:
        truth.write(scenario, observed, EVIDENCE)
    return problems


def _watched(scenario: Scenario, tell: Tell) -> "list[Outcome]":
    """Let clients do their visits while captures run, state is watched, and paths are traced."""
    from bothways.lab.traffic.events import Events  # noqa: PLC0415 - as above
    from bothways.lab.traffic.services import Services  # noqa: PLC0415 - as above
    from bothways.lab.traffic.visits import Visits  # noqa: PLC0415 - as above
    from bothways.lab.witnesses import hosts, paths  # noqa: PLC0415 - as above
    from bothways.lab.witnesses.captures import recording  # noqa: PLC0415 - as above
    from bothways.lab.witnesses.state import watching  # noqa: PLC0415 - as above

    events = Events(scenario.events)

    def step(number: int) -> None:
        tell(f"clients are at work, step {number}")
        events.begin(number)

    with (
        Services.open(scenario.services, world.WORK),
        watching(scenario.state, EVIDENCE),
        recording(scenario.captures, EVIDENCE),
    ):
        with (
            ThreadPoolExecutor(1) as aside,
            Visits.start(scenario.visits, logs=EVIDENCE, work=world.WORK, on_step=step) as visits,
        ):
            traced = aside.submit(paths.report, scenario.paths, scenario.network, EVIDENCE)
            visits.hanging()
            hosts.ask(scenario.counters, EVIDENCE)
            visits.wait()
            events.close()
            tell("tracing paths")
            traced.result()
        outcomes = visits.outcomes()
        _settle(scenario, outcomes)
    return outcomes


def _settle(scenario: Scenario, outcomes: "Iterable[Outcome]") -> None:
    """Wait until the servers, too, have heard the end of the connections that ended well, so that captures have it."""
    ended = {f":{outcome.port}" for outcome in outcomes if outcome.closed}
    servers = {service.node for service in scenario.services}

    def heard() -> bool:
        asked = (nodes.run(server, "ss", "-Htn", "state", "last-ack").stdout for server in servers)
        peers = {line.split()[-1] for said in asked for line in said.splitlines()}
        return not any(peer.endswith(port) for peer in peers for port in ended)

    # Where the last ACK was lost on the way, it does not come by waiting longer.
    with suppress(TimeoutError):
        until(heard, "servers to hear the end", SETTLING_S)


def _is_unexpected(outcome: "Outcome") -> bool:
    # Whoever was stopped by the lab, or by somebody else, did not fail for what was planted.
    if outcome.ended == "unfinished":
        return True
    match outcome.visit.expected:
        case "done":
            return not outcome.done
        case "failed":
            return outcome.done
        case "either":
            return False
        case _:
            assert_never(outcome.visit.expected)


def _wanted(sign: Sign) -> str:
    if sign.at_most is None:
        return f"{sign.at_least} or more"
    return f"{sign.at_least} to {sign.at_most}" if sign.at_most > sign.at_least else f"{sign.at_least}"


def _unexpected(outcome: "Outcome") -> str:
    visit = outcome.visit
    name = f" as {visit.name}" if visit.name else ""
    return f"{visit.does} at {visit.to} port {visit.port}{name} was to be {visit.expected}, and ended: {outcome.ended}"
