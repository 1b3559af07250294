"""What must hold of the traffic on a network, of who watches it, and of what is said to be true of it."""

from collections.abc import Collection, Iterator

from bothways.lab.model import words
from bothways.lab.model.complaint import Complaint, repeated, too_many, unknown, unless
from bothways.lab.model.interfaces import interfaces
from bothways.lab.model.network_checks import settings_complaints
from bothways.lab.model.scenario import Event, Scenario, Sign, Truth
from bothways.lab.model.traffic import Service, Visit
from bothways.wire.sequence import MODULUS

# Bounds on what a stranger's file may ask of this machine: far above any lab, and less than it would feel.
MOST_SERVICES = 200
MOST_VISITS = 500
MOST_CONNECTIONS = 5000
MOST_BYTES = 1_000_000_000
MOST_REPORTS = 200
MOST_SIGNS = 200
LONGEST_S = 3600.0
LARGEST_SEED = 2**63 - 1

_PORTS = (1, 65535)


def run_complaints(scenario: Scenario) -> Iterator[Complaint]:
    """Yield what is wrong with a scenario beside its network, which is right."""
    nodes = {node.name for node in scenario.network.nodes}
    yield from unless(words.wrong_file(scenario.name), "name", scenario.name)
    yield from unless(words.wrong_number(scenario.seed, 0, LARGEST_SEED), "seed", scenario.seed)
    yield from _services(scenario.services, nodes)
    yield from _visits(scenario.visits, nodes)
    yield from _events(scenario.events, nodes)
    yield from _captures(scenario)
    yield from _paths(scenario, nodes)
    for key, names in (("state", scenario.state), ("counters", scenario.counters)):
        for number, name in enumerate(names):
            yield from unknown(f"{key}[{number}]", name, nodes, "node")
        yield from repeated(key, "", names)
    yield from too_many("signs", len(scenario.signs), MOST_SIGNS)
    for number, sign in enumerate(scenario.signs):
        yield from _sign(f"signs[{number}]", sign, {capture.name for capture in scenario.captures}, nodes)
    if scenario.truth is not None:
        yield from _truth(scenario.truth, nodes)


def _services(services: Collection[Service], nodes: Collection[str]) -> Iterator[Complaint]:
    yield from too_many("services", len(services), MOST_SERVICES)
    for number, service in enumerate(services):
        path = f"services[{number}]"
        yield from unknown(f"{path}.node", service.node, nodes, "node")
        yield from unless(words.wrong_number(service.port, *_PORTS), f"{path}.port", service.port)
        for position, name in enumerate(service.names):
            yield from unless(words.wrong_host(name), f"{path}.names[{position}]", name)
        for key, value, most in (
            ("backlog", service.backlog, 65535),
            ("serves", service.serves, MOST_CONNECTIONS),
            ("defer_s", service.defer_s, LONGEST_S),
        ):
            yield from unless(words.wrong_number(value, 0, most), f"{path}.{key}", value)
    yield from repeated("services", ".port", [f"{service.node} port {service.port}" for service in services])


def _visits(visits: Collection[Visit], nodes: Collection[str]) -> Iterator[Complaint]:
    yield from too_many("visits", len(visits), MOST_VISITS)
    for number, visit in enumerate(visits):
        path = f"visits[{number}]"
        yield from unknown(f"{path}.node", visit.node, nodes, "node")
        yield from unless(words.wrong_address(visit.to), f"{path}.to", visit.to)
        if visit.name:
            yield from unless(words.wrong_host(visit.name), f"{path}.name", visit.name)
        for key, value, least, most in (
            ("port", visit.port, *_PORTS),
            ("size", visit.size, 0, MOST_BYTES),
            ("count", visit.count, 1, MOST_CONNECTIONS),
            ("step", visit.step, 1, MOST_VISITS),
            ("idle_s", visit.idle_s, 0, LONGEST_S),
            ("patience_s", visit.patience_s, 0.1, LONGEST_S),
        ):
            yield from unless(words.wrong_number(value, least, most), f"{path}.{key}", value)
        if visit.first is not None:
            yield from unless(words.wrong_number(visit.first, 1, MODULUS - 1), f"{path}.first", visit.first)
        yield from settings_complaints(path, visit.settings)
    connections = sum(visit.count for visit in visits)
    if connections > MOST_CONNECTIONS:
        yield Complaint("visits", f"make {connections:,} connections together; at most {MOST_CONNECTIONS:,} are made")


def _events(events: Collection[Event], nodes: Collection[str]) -> Iterator[Complaint]:
    yield from too_many("events", len(events), MOST_REPORTS)
    for number, event in enumerate(events):
        yield from unknown(f"events[{number}].node", event.node, nodes, "node")
        yield from unless(words.wrong_number(event.step, 1, MOST_VISITS), f"events[{number}].step", event.step)
        yield from unless(words.wrong_number(event.after_s, 0, LONGEST_S), f"events[{number}].after_s", event.after_s)


def _captures(scenario: Scenario) -> Iterator[Complaint]:
    nodes = {node.name for node in scenario.network.nodes}
    yield from too_many("captures", len(scenario.captures), MOST_REPORTS)
    for number, capture in enumerate(scenario.captures):
        path = f"captures[{number}]"
        yield from unless(words.wrong_file(capture.name), f"{path}.name", capture.name)
        yield from unknown(f"{path}.node", capture.node, nodes, "node")
        known = ["lo", "any", *interfaces(scenario.network, capture.node)]
        yield from unknown(f"{path}.interface", capture.interface, known, f"interface of {capture.node}")
    yield from repeated("captures", ".name", [capture.name for capture in scenario.captures])


_REPORT_ENDINGS = (".mtr.txt", ".mtr.json", "traceroute.txt")


def _paths(scenario: Scenario, nodes: Collection[str]) -> Iterator[Complaint]:
    yield from too_many("paths", len(scenario.paths), MOST_REPORTS)
    for number, report in enumerate(scenario.paths):
        path = f"paths[{number}]"
        yield from unless(words.wrong_file(report.file), f"{path}.file", report.file)
        yield from unknown(f"{path}.node", report.node, nodes, "node")
        yield from unless(words.wrong_address(report.to), f"{path}.to", report.to)
        if report.port is not None:
            yield from unless(words.wrong_number(report.port, *_PORTS), f"{path}.port", report.port)
        if (report.tool == "tcp-traceroute") != (report.port is not None):
            yield Complaint(f"{path}.port", "is what a TCP traceroute needs, and nothing else takes")
        if not report.file.endswith(_REPORT_ENDINGS):
            # So that no report takes the place of another witness's file, whose names end otherwise.
            yield Complaint(f"{path}.file", f"must end in {', '.join(_REPORT_ENDINGS)}, not be {report.file!r}")
    yield from repeated("paths", ".file", [report.file for report in scenario.paths])


def _sign(path: str, sign: Sign, captures: Collection[str], nodes: Collection[str]) -> Iterator[Complaint]:
    if bool(sign.capture) == bool(sign.ruleset):
        yield Complaint(path, "needs either `capture` or `ruleset`")
    if sign.capture:
        yield from unknown(f"{path}.capture", sign.capture, captures, "capture")
    else:
        yield from unknown(f"{path}.ruleset", sign.ruleset, nodes, "node")
    if sign.match.startswith("-"):
        yield Complaint(f"{path}.match", "must not begin with a hyphen, as options of tcpdump do")
    yield from unless(words.wrong_number(sign.at_least, 0, MOST_BYTES), f"{path}.at_least", sign.at_least)
    if sign.at_most is not None:
        wrong = words.wrong_number(sign.at_most, sign.at_least, MOST_BYTES)
        yield from unless(wrong, f"{path}.at_most", sign.at_most)


def _truth(truth: Truth, nodes: Collection[str]) -> Iterator[Complaint]:
    yield from unless(words.wrong_number(truth.port, *_PORTS), "truth.port", truth.port)
    if truth.where is not None:
        for number, name in enumerate(truth.where.between):
            yield from unknown(f"truth.where.between[{number}]", name, nodes, "node")
