"""A network that is there for as long as a command runs in it."""

import os
import signal
import subprocess
from collections.abc import Sequence

from bothways.errors import CallError, InvalidRunError
from bothways.lab import programs
from bothways.lab.model.scenario import Scenario
from bothways.lab.world import nodes, world


def up(scenario: Scenario, host: str, command: Sequence[str]) -> int:
    """Build the network, let its services listen, run a command on a host, and return its exit status.

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
        with Services.open(scenario.services, world.WORK):
            status = _run(host, command, {**os.environ, **_words(scenario)})
        surprises = [f"{what}: {frames} frames" for wire in box.end_wires() for what, frames in wire.surprises.items()]
        if surprises:
            message = f"the network lost what it was not to lose, {'; '.join(surprises)}"
            raise InvalidRunError(message)
        return status

    return world.live(life)


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
