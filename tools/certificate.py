"""The birth certificate of a case: what was planted, what was seen of it, how it was made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bothways.lab.model.network import Link, Network, Quality, Route, Rule
from bothways.lab.model.scenario import Scenario
from tools.ways import way


@dataclass(frozen=True, kw_only=True)
class Birth:
    """What there is to certify."""

    case: str
    """Its folder from the top of the repository, `tests/cases/THEORY/NAME`."""
    note: str
    """What its maker says of it, beyond what the scenario says of itself."""
    scenario: Scenario
    """Completed."""
    truth: Mapping[str, Any]
    """The run's `truth.json`."""
    views: Mapping[str, Sequence[str]]
    """By capture: what is seen in it (`tools.seen`)."""
    day: date


def certificate(birth: Birth) -> str:
    """Return a case's README.md."""
    truth = birth.truth
    parts = [
        f"# {'/'.join(birth.case.split('/')[-2:])}",
        f"Theory: `{truth['theory']}`. {_sentence(truth['says'])}",
        "## Planted",
        *([birth.note] if birth.note else []),
        _ways(birth.scenario.network, truth["client"], truth["server"]),
        *_particulars(birth.scenario.network),
        "## Seen",
        "By tshark, in seconds since a connection's first packet, without the probes of path tools:",
        *_views(birth.views),
        "Counted, as `truth.json` has it:",
        "\n".join(f"- {one['says']}: {one['count']} ({one['how'].partition(': ')[0]})" for one in truth["observed"]),
        "## Made",
        _made(birth),
    ]
    return "\n\n".join(parts) + "\n"


def note_of(text: str) -> str:
    """Return what the comment at the head of a scenario's file says, its paragraphs each on one line."""
    comment: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    paragraphs = "\n".join(comment).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs).strip()


def _ways(network: Network, client: str, server: str) -> str:
    there, back = way(network, client, server), way(network, server, client)
    return f"There: {' - '.join(there)}. Back: {' - '.join(back)}. Replies and drops are the kernel's own."


def _particulars(network: Network) -> Iterator[str]:
    """What sets the network apart from bare routers and cables."""
    lines = [f"{rule.node}: {_rule(rule)}" for rule in network.rules]
    tables = {rule.table for rule in network.rules}
    lines += [f"{route.node}: {_route(route)}" for route in network.routes if route.table in tables]
    lines += [f"{node.name}: `{key} = {value}`" for node in network.nodes for key, value in node.settings.items()]
    lines += [f"{link.a.node} - {link.b.node}: {said}" for link in network.links for said in _link(link)]
    if lines:
        yield "\n".join(f"- {line}" for line in lines)
    for node in network.nodes:
        if node.filter:
            ruleset = "\n".join(line for line in node.filter.splitlines() if line.strip())
            yield f"The filter of {node.name}:\n\n```\n{ruleset}\n```"


def _rule(rule: Rule) -> str:
    said = {"of": rule.protocol, "from": rule.source, "to": rule.to, "coming in by": rule.coming_in}
    which = " ".join(f"{word} {value}" for word, value in said.items() if value)
    return f"packets {which} are looked up in table {rule.table}"


def _route(route: Route) -> str:
    how = f"via {route.via}" if route.via else route.kind
    return f"table {route.table}: {route.to} {how}{f', MTU {route.mtu}' if route.mtu else ''}"


def _link(link: Link) -> Iterator[str]:
    if link.mtu is not None:
        yield f"MTU {link.mtu}"
    if link.vlan is not None:
        yield f"VLAN {link.vlan}"
    ways = {"both ways": link.there} if link.there == link.back else {"there": link.there, "back": link.back}
    for word, quality in ways.items():
        if quality is not None:
            yield f"{word}, {_quality(quality)}"
    if link.inspection is not None:
        names = ", ".join(link.inspection.names)
        yield f"an inspector of TLS that answers what names {names}: {link.inspection.answer}"


def _quality(quality: Quality) -> str:
    said = {
        "latency {} ms": quality.latency_ms,
        "loss {}": quality.loss,
        "reordering {}": quality.reorder,
        "duplication {}": quality.duplicate,
        "{} kbit/s": quality.rate_kbit,
    }
    return ", ".join(words.format(f"{value:g}") for words, value in said.items() if value)


def _views(views: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Captures that show the same are told once."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for file, lines in views.items():
        grouped.setdefault(tuple(lines), []).append(f"`{file}`")
    for lines, files in grouped.items():
        yield "\n".join((f"{', '.join(files)}\n", *(f"- {line}" for line in lines)))


def _made(birth: Birth) -> str:
    programs = ", ".join(f"{name} {version}" for name, version in birth.truth["programs"].items())
    return (
        f"By `tools/case.py {birth.case}` on {birth.day.isoformat()}, in the network of namespaces that\n"
        f"`scenario.toml` describes; Linux {birth.truth['kernel']}, {programs}.\n"
        "Captures are from the interfaces themselves, so segmentation and checksum offload show. Nothing was edited.\n"
        "Licence: Apache-2.0, like the project."
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
