"""Whether a scenario can be run, said before anything is built; and what a scenario leaves out, filled in."""

from collections.abc import Iterator

from bothways.errors import InputError
from bothways.lab.model.complaint import Complaint
from bothways.lab.model.completed import complete
from bothways.lab.model.network import Network
from bothways.lab.model.network_checks import network_complaints
from bothways.lab.model.run_checks import run_complaints
from bothways.lab.model.scenario import Scenario


def check(scenario: Scenario) -> None:
    """Look whether a complete scenario can be run.

    Raises:
        InputError: it cannot; names the key and says why.
    """
    _refuse(network_complaints("network.", scenario.network))
    _refuse(run_complaints(scenario))


def check_network(network: Network) -> None:
    """Look whether a network can be built.

    Raises:
        InputError: it cannot; names the key and says why.
    """
    _refuse(network_complaints("network.", network))


def completed(scenario: Scenario) -> Scenario:
    """Fill in what a scenario leaves out (`bothways.lab.model.completed`), and look whether it can be run.

    Raises:
        InputError: it cannot; names the key and says why.
    """
    check_network(scenario.network)
    whole = complete(scenario)
    check(whole)
    return whole


def _refuse(complaints: Iterator[Complaint]) -> None:
    """Say the first, if there is one: those after it may come of it."""
    for complaint in complaints:
        message = f"{complaint.path}: {complaint.says}"
        raise InputError(message)
