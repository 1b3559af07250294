"""Which programs took part in a run, in their own words."""

import re
import subprocess

from bothways.lab.model.scenario import Scenario
from bothways.lab.programs import needed
from bothways.lab.world.nodes import ProgramError

_ASKED = {
    "conntrack": ("conntrack", "-V"),
    "curl": ("curl", "--version"),
    "ip": ("ip", "-V"),
    "mtr": ("mtr", "--version"),
    "nft": ("nft", "--version"),
    "nstat": ("nstat", "-V"),
    "ss": ("ss", "-V"),
    "tcpdump": ("tcpdump", "--version"),
    "traceroute": ("traceroute", "--version"),
}
_VERSION = re.compile(r"\d+\.\d+[\w.-]*")


def versions(scenario: Scenario) -> dict[str, str]:
    """Return the versions of all programs that a run of *scenario* uses, by name.

    Raises:
        ProgramError: one of them is missing, or does not say.
    """
    return {name: _version(*_ASKED[name]) for name in sorted(needed(scenario, watched=True) & _ASKED.keys())}


def _version(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - from the table above
    except FileNotFoundError as error:
        message = f"there is no program called {command[0]} here"
        raise ProgramError(message) from error
    found = _VERSION.search(done.stdout + done.stderr)
    if not found:
        message = f"{' '.join(command)} does not tell its version: {(done.stdout + done.stderr).strip()}"
        raise ProgramError(message)
    return found[0]
