"""A filter drops SYNs with an option that it does not know or like; without it they pass."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import LEAST_PATIENCE_S, Order, Recipe
from bothways.lab.recipes.signs import hits, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

_OPTIONS = {
    "timestamps": ("tcp option timestamp exists", {"net.ipv4.tcp_timestamps": 1}, {"net.ipv4.tcp_timestamps": 0}),
    "ecn": (
        "tcp flags & (ecn | cwr) == ecn | cwr",
        {"net.ipv4.tcp_ecn": 1, "net.ipv4.tcp_ecn_fallback": 0},
        {"net.ipv4.tcp_ecn": 0},
    ),
    "sack": ("tcp option sack-perm exists", {"net.ipv4.tcp_sack": 1}, {"net.ipv4.tcp_sack": 0}),
    "window-scale": (
        "tcp option window exists",
        {"net.ipv4.tcp_window_scaling": 1},
        {"net.ipv4.tcp_window_scaling": 0},
    ),
}
"""What the filter looks for, and the settings of a client (ip-sysctl) that offers it and of one that does not."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    match_, offering, without = _OPTIONS[stage.choice("option")]
    at_server = stage.choice("where") == "server"
    node = "server" if at_server else stage.campus.transit[0]
    fault = Fault(
        theory="option-sensitive",
        says=f"SYNs that offer {stage.choice('option')} are dropped"
        + (" by the server's own filter" if at_server else " on the way"),
        answer="silent",
        where=stage.campus.where("there", node),
    )
    family = "ip6" if order.ip == 6 else "ip"
    rule = f"{family} daddr {stage.campus.server} tcp flags & (syn | ack) == syn {match_} counter drop"
    filters = {node: rulesets.stateless(rule, hook="input" if at_server else "forward")}
    tried = [stage.site(count=2, expected="failed"), stage.site(port=MIRROR_PORT, tls=False, expected="failed")]
    visits = [
        *(replace(visit, settings=offering) for visit in (*tried, *stage.controls())),
        # What an administrator tries: the same without the option, and with it again.
        replace(stage.site(expected="done"), step=2, settings=without),
        replace(stage.site(expected="failed"), step=3, settings=offering, patience_s=LEAST_PATIENCE_S),
    ]
    return stage.scenario(fault, Plant(filters=filters), _signs(stage, node, match_), visits=visits)


def _signs(stage: Stage, node: str, match_: str) -> list[Sign]:
    words = match_.partition(" & ")[0] if "flags" in match_ else match_
    return [
        hits("the filter met SYNs with the option", node, words, at_least=3 * (1 + stage.repeats)),
        some("a SYN without it was answered", "client", stage.back("client", "syn+ack", stage.plan.port), at_least=1),
    ]


RECIPE = Recipe(
    name="option-sensitive",
    says="SYNs with a certain option are dropped",
    choices={"option": tuple(_OPTIONS), "where": ("path", "server")},
    scenario=_scenario,
)
