"""What all recipes share: the campus of an order, its usual services and visits, and who watches.

A recipe takes a stage, plants something, and says what must be seen of it. Where an order is of the mended network, the
stage plants nothing, expects every visit to be done, and calls the truth healthy: the same network, the same traffic.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from msgspec.structs import replace

from bothways.lab.campus.grown import Campus
from bothways.lab.campus.plan import Plan, plan
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Capture, PathReport, Scenario, Sign, Truth, Where
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order
from bothways.lab.recipes.signs import some

MIRROR_PORT = 80

REPEATS_S = (1.0, 3.0, 7.0)
"""When Linux says an unanswered SYN or SYN+ACK again: TCP_TIMEOUT_INIT of one second, doubled each time (RFC 6298)."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, in the terms of truth.json."""

    theory: str
    says: str
    answer: Literal["silent", "reset", "icmp"] | None = None
    where: Where | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The campus that an order asks for, before anything is planted."""

    order: Order
    traced_port: int | None = None
    """Where a TCP traceroute goes; None is the site's own port."""

    @cached_property
    def campus(self) -> Campus:
        """Its nodes, links and addresses."""
        return Campus(plan=plan(self.order.seed, self.order.ip), translated=self.order.choices["nat"] == "yes")

    @property
    def plan(self) -> Plan:
        """What the seed decided."""
        return self.campus.plan

    def choice(self, key: str) -> str:
        """What was chosen."""
        return self.order.choices[key]

    @property
    def repeats(self) -> int:
        """How often an unanswered SYN or SYN+ACK is said again while a client is patient."""
        return sum(second + 0.5 < self.order.patience_s for second in REPEATS_S)

    # --- traffic ---

    def web(self) -> list[Service]:
        """The site, in TLS and without, on server and mirror; the server answers to its other name too."""
        names = [self.plan.site, self.plan.other_site]
        return [
            Service(node="server", port=self.plan.port, speaks="tls", names=names),
            Service(node="server", port=MIRROR_PORT),
            Service(node="mirror", port=self.plan.port, speaks="tls", names=names),
        ]

    def site(self, **changes: object) -> Visit:
        """A page of the site, asked for by the client at the server, in TLS."""
        visit = Visit(
            node="client",
            to=self.campus.server,
            port=self.plan.port,
            name=self.plan.site,
            tls=True,
            patience_s=self.order.patience_s,
        )
        return replace(visit, **changes)

    def talk(self, does: Literal["echo", "silent", "leave", "greeting"], *, to: str = "", idle_s: float = 0.0) -> Visit:
        """A conversation of lines with the server, that is to work."""
        return Visit(
            node="client",
            to=to or self.campus.server,
            port=self.plan.port,
            does=does,
            idle_s=idle_s,
            patience_s=self.order.patience_s,
            expected="done",
        )

    def controls(self) -> list[Visit]:
        """The same name at another address, which works whatever happens to the server's."""
        return [self.site(to=self.campus.mirror, expected="done")]

    def visits(self, ends: Literal["done", "failed"]) -> list[Visit]:
        """The usual ones: the site twice, its other name, its other port, and the control."""
        return [
            self.site(count=2, expected=ends),
            self.site(name=self.plan.other_site, expected=ends),
            self.site(port=MIRROR_PORT, tls=False, expected=ends),
            *self.controls(),
        ]

    # --- signs ---

    def there(self, capture: str, kind: packets.Kind, port: int | None = None) -> str:
        """Packets from client to server, as a vantage's capture has their addresses."""
        return packets.tcp(self._client_at(capture), self.campus.server, kind, port)

    def back(self, capture: str, kind: packets.Kind, port: int | None = None) -> str:
        """Packets from server to client."""
        return packets.tcp(self.campus.server, self._client_at(capture), kind, port)

    def _client_at(self, capture: str) -> str:
        return self.campus.client_outside if capture == "server" else self.campus.client

    # --- the whole ---

    def scenario(  # noqa: PLR0913 - all but the first three have what most recipes want
        self,
        fault: Fault,
        plant: Plant,
        signs: Iterable[Sign],
        *,
        services: list[Service] | None = None,
        visits: list[Visit] | None = None,
        captures: list[Capture] | None = None,
    ) -> Scenario:
        """Return the run: with the fault planted, or mended. Whoever filters is asked for its rules."""
        order, campus = self.order, self.campus
        visits = self.visits("failed") if visits is None else visits
        return Scenario(
            name=order.recipe,
            says="nothing is wrong" if order.mended else fault.says,
            network=campus.network(Plant() if order.mended else plant),
            services=self.web() if services is None else services,
            visits=[replace(visit, expected="done") for visit in visits] if order.mended else visits,
            events=[] if order.mended else list(plant.events),
            captures=CAPTURES if captures is None else captures,
            paths=self._paths(),
            state=["firewall", *([] if order.mended else sorted(plant.filters.keys() - {"firewall"}))],
            counters=["client", "server"],
            signs=self._mended_signs() if order.mended else list(signs),
            truth=self._truth(fault),
            seed=order.seed,
            parameters={**order.choices, "patience": f"{order.patience_s:g}"},
            mended=order.mended,
        )

    def _mended_signs(self) -> list[Sign]:
        return [some("the server's answers reach the client", "client", self.back("client", "data"))]

    def _truth(self, fault: Fault) -> Truth:
        campus, mended = self.campus, self.order.mended
        return Truth(
            theory="healthy" if mended else fault.theory,
            says="nothing is wrong: the same network and traffic, the fault mended" if mended else fault.says,
            client=campus.client,
            server=campus.server,
            port=self.plan.port,
            name=self.plan.site,
            control=campus.mirror,
            firewall=campus.addresses("firewall"),
            answer=None if mended else fault.answer,
            where=None if mended else fault.where,
        )

    def _paths(self) -> list[PathReport]:
        campus = self.campus
        back = campus.client_outside
        return [
            PathReport(file="outbound.mtr.txt", tool="mtr", node="client", to=campus.server),
            PathReport(file="inbound.mtr.txt", tool="mtr", node="server", to=back),
            PathReport(file="control-outbound.mtr.txt", tool="mtr", node="client", to=campus.mirror),
            PathReport(file="control-inbound.mtr.txt", tool="mtr", node="mirror", to=back),
            PathReport(file="outbound.mtr.json", tool="mtr-json", node="client", to=campus.server),
            PathReport(
                file="outbound.tcp-traceroute.txt",
                tool="tcp-traceroute",
                node="client",
                to=campus.server,
                port=self.traced_port or self.plan.port,
            ),
        ]


CAPTURES = [
    Capture(name="client", node="client", interface="eth0"),
    Capture(name="server", node="server", interface="eth0"),
    Capture(name="firewall-inside", node="firewall", interface="eth0"),
    Capture(name="firewall-outside", node="firewall", interface="eth1"),
]
"""Both hosts, and both sides of the firewall."""
