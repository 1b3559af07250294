"""A recipe: a cause, what can be chosen about it, and the run that comes of a choice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bothways.errors import CallError
from bothways.lab.model.scenario import Scenario

COMMON = {"ip": ("4", "6"), "nat": ("no", "yes")}
"""What every recipe lets choose; the first is what it is unless said otherwise, here as everywhere.

With `nat=yes` the border gives all of the campus its own address, behind the firewall.
"""

PATIENCE = "patience"
"""The one choice that is a number: seconds after which clients give up."""

USUAL_PATIENCE_S = 9.0
"""A server that misses the last ACK of a handshake says its SYN+ACK again after 1, 3 and 7 s: this shows all three."""

LEAST_PATIENCE_S = 4.0
"""Shorter, and a judge would rightly say that a connection was not given time to fail."""

MOST_PATIENCE_S = 600.0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody asked for."""

    recipe: str
    seed: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)
    """Complete: an answer to everything that can be chosen."""
    mended: bool = False
    patience_s: float = USUAL_PATIENCE_S

    @property
    def ip(self) -> Literal[4, 6]:
        """Which version of IP the campus speaks."""
        return 6 if self.choices["ip"] == "6" else 4


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A cause that can be planted."""

    name: str
    says: str
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scenario: Callable[[Order], Scenario]
    mendable: bool = True
    """Whether there is a fault that a twin could be without."""
    unless: tuple[Mapping[str, str], ...] = ()
    """Choices that do not go together."""

    @property
    def offered(self) -> dict[str, tuple[str, ...]]:
        """Everything that can be chosen, with what it can be."""
        return {**self.choices, **COMMON}

    def order(self, settings: Mapping[str, str], *, seed: int = 0, mended: bool = False) -> Order:
        """Complete what somebody chose.

        Raises:
            CallError: there is no such choice.
        """
        if mended and not self.mendable:
            message = f"{self.name} is nothing that could be mended"
            raise CallError(message)
        settings = dict(settings)
        patience_s = _patience(settings.pop(PATIENCE, None))
        for key, value in settings.items():
            if value not in self.offered.get(key, ()):
                raise CallError(self._refusal(key, value))
        choices = {key: settings.get(key, values[0]) for key, values in self.offered.items()}
        for impossible in self.unless:
            if impossible.items() <= choices.items():
                together = " and ".join(f"{key}={value}" for key, value in impossible.items())
                message = f"{self.name}: {together} do not go together"
                raise CallError(message)
        return Order(recipe=self.name, seed=seed, choices=choices, mended=mended, patience_s=patience_s)

    def _refusal(self, key: str, value: str) -> str:
        if key in self.offered:
            return f"{self.name}: {key} can be {', '.join(self.offered[key])}, not {value!r}"
        return f"{self.name} has no setting {key!r}; it has {', '.join((*self.offered, PATIENCE))}"

    def variants(self) -> Iterator[dict[str, str]]:
        """Give settings that together show each choice once: none at all, then each other answer by itself."""
        yield {}
        for key, (_, *others) in {**self.choices, "ip": COMMON["ip"]}.items():
            yield from ({key: other} for other in others if {key: other} not in self.unless)


def _patience(said: str | None) -> float:
    if said is None:
        return USUAL_PATIENCE_S
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not LEAST_PATIENCE_S <= seconds <= MOST_PATIENCE_S:
        message = f"{PATIENCE} is a number of seconds from {LEAST_PATIENCE_S:g} to {MOST_PATIENCE_S:g}, not {said!r}"
        raise CallError(message)
    return seconds
