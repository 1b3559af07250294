"""A network that is there for as long as a command runs in it."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bothways.errors import CallError, InvalidRunError
from bothways.lab import programs
from bothways.lab.model.scenario import Scenario
from bothways.lab.world import nodes, world


def up(scenario: Scenario, host: str, command: Sequence[str], *, busy: bool = False) -> int:
    """Build the network, let its services listen, run a command on a host, and return its exit status.

    Where it is to be *busy*, the scenario's own clients pay their visits first, and the command runs as soon as the
    last step of them is under way: what they hold, they hold until the command has ended.

    The command has this process' terminal. It finds `$SITE`, `$SERVER`, `$MIRROR` and `$PORT` where the scenario has
    them, and every node by its name with `ip netns exec NODE ...`.

    Raises:
        CallError: there is no such host, or no such program.
        InputError: the network cannot be built.
        InvalidRunError: a wire lost frames that it was not told to lose.
        MissingPermissionError: not root, or not Linux.
    """
    if host not in {node.name for node in scenario.network.nodes}:
        message = f"there is no host {host!r}; there are {', '.join(node.name for node in scenario.network.nodes)}"
        raise CallError(message)

    world.insist()
    programs.insist(scenario, watched=False)

    def life() -> int:
        from bothways.lab.box.build import build  # noqa: PLC0415 - pyroute2 takes a while to import
        from bothways.lab.traffic.services import Services  # noqa: PLC0415 - with it

        box = build(scenario.network, scenario.seed)
        box.load_filters()
        with Services.open(scenario.services, world.WORK), _clients(scenario if busy else None):
            status = _run(host, command, {**os.environ, **_words(scenario)})
        surprises = [f"{what}: {frames} frames" for wire in box.end_wires() for what, frames in wire.surprises.items()]
        if surprises:
            message = f"the network lost what it was not to lose, {'; '.join(surprises)}"
            raise InvalidRunError(message)
        return status

    return world.live(life)


@contextmanager
def _clients(scenario: Scenario | None) -> Iterator[None]:
    """The scenario's clients at work, and what happens meanwhile; nobody without a scenario."""
    if scenario is None:
        yield
        return
    from bothways.lab.traffic.events import Events  # noqa: PLC0415 - as above
    from bothways.lab.traffic.visits import Visits  # noqa: PLC0415 - as above

    logs = world.WORK / "visits"
    logs.mkdir()
    events = Events(scenario.events)
    with Visits.start(scenario.visits, logs=logs, work=world.WORK, on_step=events.begin) as visits:
        visits.under_way()
        yield
    events.close()


def _words(scenario: Scenario) -> dict[str, str]:
    truth = scenario.truth
    if truth is None:
        return {}
    words = {"CLIENT": truth.client, "SERVER": truth.server, "PORT": str(truth.port), "SITE": truth.name}
    return words | ({"MIRROR": truth.control} if truth.control else {})


def _run(host: str, command: Sequence[str], environment: dict[str, str]) -> int:
    # Ctrl-C is for the command; a handler, unlike being ignored, is not handed down to it.
    signal.signal(signal.SIGINT, lambda _, __: None)
    try:
        with nodes.within(host):
            status = subprocess.run(list(command), env=environment, check=False).returncode  # noqa: S603 - the user's own
    except (FileNotFoundError, PermissionError) as error:
        message = f"cannot start {command[0]}: {str(error.strerror).lower()}"
        raise CallError(message) from error
    # As shells count: 128 and the number of the signal that ended it.
    return status if status >= 0 else 128 - status
