"""Whether a planted fault is real: the counts that its signs ask for, by readers that know nothing of this project."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bothways.errors import InputError
from bothways.lab.model.scenario import Sign
from bothways.lab.witnesses import packets, rule_hits
from bothways.lab.world import nodes


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A sign and what was counted."""

    sign: Sign
    count: int
    how: str
    """Who counted what where, e.g. `tcpdump, client.pcap: tcp[13] & 2 != 0`."""

    @property
    def within(self) -> bool:
        """Whether there are as many as there must be, and no more than there may be."""
        most = self.sign.at_most
        return self.sign.at_least <= self.count and (most is None or self.count <= most)


def observe(signs: Sequence[Sign], folder: Path) -> list[Observed]:
    """Count every sign, in the captures of *folder* (finished ones) and the filters of the running network.

    Raises:
        InputError: a sign cannot be counted: it names no place or two, a capture that was not made, a node that is not
            there, no rule that counts, or its expression is not understood.
        ProgramError: a capture cannot be read, or a ruleset cannot be listed.
    """
    listings: dict[str, str] = {}
    return [_observed(sign, folder, listings) for sign in signs]


def _observed(sign: Sign, folder: Path, listings: dict[str, str]) -> Observed:
    try:
        count = _packets(sign, folder) if _in_capture(sign) else _hits(sign, listings)
    except InputError as error:
        message = f"the sign {sign.says!r} cannot be counted: {error}"
        raise InputError(message) from error
    counter = f"tcpdump, {sign.capture}.pcap" if sign.capture else f"nft, {sign.ruleset}"
    return Observed(sign=sign, count=count, how=f"{counter}: {sign.match}")


def _in_capture(sign: Sign) -> bool:
    if bool(sign.capture) == bool(sign.ruleset):
        message = "it must name a capture or a ruleset, and not both"
        raise InputError(message)
    return bool(sign.capture)


def _packets(sign: Sign, folder: Path) -> int:
    file = folder / f"{sign.capture}.pcap"
    if not file.exists():
        message = f"there is no capture called {sign.capture}"
        raise InputError(message)
    return packets.count(file, sign.match)


def _hits(sign: Sign, listings: dict[str, str]) -> int:
    if not (nodes.NAMESPACES / sign.ruleset).exists():
        message = f"there is no node called {sign.ruleset}"
        raise InputError(message)
    # One listing for all signs of a node, so that they speak of the same moment.
    if sign.ruleset not in listings:
        listings[sign.ruleset] = nodes.run(sign.ruleset, "nft", "-a", "list", "ruleset").stdout
    return rule_hits.hits(listings[sign.ruleset], sign.match)
