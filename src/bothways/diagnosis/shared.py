"""What failing targets have in common: one sentence on each cause of several, and one on what no working target shares.

Only what stands in their addresses and names is looked at: the server, its network, the address family, the port, the
name. That they differ in it from the working ones is said where at least `MANY` targets fail in one way from one
network, all of them share it, and no target that works from there does. Targets are never merged by what is said here.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from bothways.diagnosis.model import Answer, Finding, Ruling, TargetDiagnosis
from bothways.facts.split_words import moment
from bothways.theories.catalogue import UNEXPLAINED
from bothways.wire.address import network_of

MANY = 3
"""Any two things have something in common."""

MOST_CAUSES = 5
"""Causes that get a sentence each; the targets tell them all."""

_FAIL = {
    Answer.SILENT: "time out",
    Answer.RESET: "are refused or reset",
    Answer.ICMP: "are reported unreachable",
    None: "lose packets",
}

_TRAITS: tuple[Callable[[TargetDiagnosis], str], ...] = (
    lambda target: f"of the server {target.server.address}",
    lambda target: f"in {network_of(target.server.address)}",
    lambda target: "IPv6" if ":" in target.server.address else "IPv4",
    lambda target: f"on port {target.server.port}",
)
"""The narrowest first: what holds of a server holds of its network, too."""


def in_common(targets: Sequence[TargetDiagnosis]) -> tuple[str, ...]:
    """All sentences on *targets*, that on what sets them apart from the working ones first."""
    return (*filter(None, [what_they_share(targets)]), *of_one_cause(targets))


def what_they_share(targets: Sequence[TargetDiagnosis]) -> str | None:
    """The sentence on *targets*; None where nothing certain can be said."""
    failing: defaultdict[tuple[str, Answer | None], list[TargetDiagnosis]] = defaultdict(list)
    for target in targets:
        if target.verdict.ruling in {Ruling.CONFIRMED, Ruling.OPEN}:
            failing[target.client, target.verdict.answer].append(target)
    if not failing:
        return None
    (client, answer), group = max(failing.items(), key=lambda item: len(item[1]))
    working = [item for item in targets if item.verdict.ruling is Ruling.HEALTHY and item.client == client]
    if len(group) < MANY or not working:
        return None
    trait = next((trait for trait in _TRAITS if _tells(trait, group, working)), None)
    if trait is None:
        return None
    return f"all {len(group)} targets that {_FAIL[answer]} are {trait(group[0])}, and none that works is"


def of_one_cause(targets: Sequence[TargetDiagnosis]) -> tuple[str, ...]:
    """A sentence for each cause that at least `MANY` targets of one client network have: what they share, since when.

    Findings of which the same causes are possible count as of one cause.
    """
    groups: defaultdict[tuple[str, tuple[str, ...]], dict[str, tuple[TargetDiagnosis, Finding]]] = defaultdict(dict)
    for target in targets:
        for finding in target.findings:
            key = (target.client, tuple(sorted(finding.verdict.possible)))
            groups[key].setdefault(target.id, (target, finding))
    large = sorted((item for item in groups.items() if len(item[1]) >= MANY), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_one_cause(causes, list(group.values())) for (_, causes), group in large[:MOST_CAUSES])


def _one_cause(causes: Sequence[str], group: Sequence[tuple[TargetDiagnosis, Finding]]) -> str:
    members = [target for target, _ in group]
    places = [words for trait in _WHERE if (words := _common(trait, members))]
    shared = places[:1] + [words for trait in _ELSE if (words := _common(trait, members))]
    begun = [finding.first_seen for _, finding in group if finding.first_seen is not None]
    since = f", since {moment(min(begun))}" if begun else ""
    known = [cause for cause in causes if cause != UNEXPLAINED] or [UNEXPLAINED]
    confirmed = all(finding.verdict.ruling is Ruling.CONFIRMED for _, finding in group)
    what = f"fail by one cause ({causes[0]})" if confirmed else f"fail alike (possible: {', '.join(known)})"
    of_one = f", all {' and '.join(shared)}" if shared else ""
    return f"{len(members)} targets {what}{of_one}{since}"


_WHERE, _ELSE = _TRAITS[:3], (*_TRAITS[3:], lambda target: f"called {target.name}" if target.name else "")


def _common(trait: Callable[[TargetDiagnosis], str], members: Sequence[TargetDiagnosis]) -> str:
    """The words of *trait* where all of *members* share it; else empty."""
    words = {trait(target) for target in members}
    return words.pop() if len(words) == 1 else ""


def _tells(
    trait: Callable[[TargetDiagnosis], str], group: Sequence[TargetDiagnosis], working: Sequence[TargetDiagnosis]
) -> bool:
    """Whether all of *group* share *trait*, and none of *working*."""
    shared = {trait(target) for target in group}
    return len(shared) == 1 and shared.isdisjoint(trait(target) for target in working)
