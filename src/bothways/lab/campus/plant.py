"""A fault, as what is added to a sound campus."""

from dataclasses import dataclass, field

from bothways.lab.model.network import Inspection, Link, Node, Quality, Rewriting, Route, Rule
from bothways.lab.model.scenario import Event


@dataclass(frozen=True, kw_only=True)
class Plant:
    """What is planted in a sound campus: always something added, so that the mended campus is the one without it."""

    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)
    """Rulesets by node; the firewall's takes the place of the sound one."""
    settings: dict[str, dict[str, int | str]] = field(default_factory=dict)
    verifies: frozenset[str] = frozenset()
    """Routers whose interfaces verify checksums of what comes in."""
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    events: tuple[Event, ...] = ()
    vlan: int | None = None
    """The tag of the frames between distribution and firewall."""
    there: Quality | None = None
    """Of the carrier's wire, beside its latency."""
    back: Quality | None = None
    inspection: Inspection | None = None
    rewriting: Rewriting | None = None
    """Of the carrier's wire, like the inspection."""

    def __add__(self, other: "Plant") -> "Plant":
        """Both; where both say something of one node or wire, the other's word counts."""
        return Plant(
            routes=self.routes + other.routes,
            rules=self.rules + other.rules,
            filters={**self.filters, **other.filters},
            settings={
                node: {**self.settings.get(node, {}), **other.settings.get(node, {})}
                for node in {**self.settings, **other.settings}
            },
            verifies=self.verifies | other.verifies,
            nodes=self.nodes + other.nodes,
            links=self.links + other.links,
            events=self.events + other.events,
            vlan=other.vlan or self.vlan,
            there=other.there or self.there,
            back=other.back or self.back,
            inspection=other.inspection or self.inspection,
            rewriting=other.rewriting or self.rewriting,
        )
