"""Through whose networks the two ways lead, by the address databases that the user gave."""

from collections.abc import Iterator

from bothways.diagnosis.two_ways import WaysOf
from bothways.evidence.networks import Network
from bothways.paths.course import Course, Station
from bothways.report.summary import WAYS
from bothways.report.text import listed


def network_words(ways: WaysOf) -> Iterator[str]:
    """A sentence for each way of which any hop is known."""
    for course in (ways.there, ways.back):
        runs = _runs(ways, course) if course else []
        if runs and course:
            told = listed([f"{_called(network)} ({_hops(first, last)})" for network, first, last in runs])
            yield f"By your address database {WAYS[course.way]} passes {told}."


def _runs(ways: WaysOf, course: Course) -> list[tuple[Network, int, int]]:
    """The networks in order, each with its first and last hop; hops that nobody knows break no run."""
    runs: list[tuple[Network, int, int]] = []
    for station in course.stations:
        network = _of(ways, station)
        if network is None:
            continue
        if runs and runs[-1][0].number == network.number:
            runs[-1] = (runs[-1][0], runs[-1][1], station.index)
        else:
            runs.append((network, station.index, station.index))
    return runs


def _of(ways: WaysOf, station: Station) -> Network | None:
    """The network of a hop, where all that answered there are of one."""
    found = {ways.networks.get(reply.address) for reply in station.replies if reply.address is not None}
    return found.pop() if len(found) == 1 else None


def _called(network: Network) -> str:
    return f"AS{network.number} {network.organisation or ''}".strip()


def _hops(first: int, last: int) -> str:
    return f"hop {first}" if first == last else f"hops {first} to {last}"
