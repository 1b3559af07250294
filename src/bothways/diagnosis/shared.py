"""What failing targets have in common and working ones have not: one sentence, where that is certain.

Only what stands in their addresses is looked at: the server, its network, the address family, the port. It is said
where at least `MANY` targets fail in one way from one network, all of them share it, and no target that works from
there does.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from bothways.connections.targets import network_of
from bothways.diagnosis.model import Answer, Ruling, TargetDiagnosis

MANY = 3
"""Any two things have something in common."""

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


def _tells(
    trait: Callable[[TargetDiagnosis], str], group: Sequence[TargetDiagnosis], working: Sequence[TargetDiagnosis]
) -> bool:
    """Whether all of *group* share *trait*, and none of *working*."""
    shared = {trait(target) for target in group}
    return len(shared) == 1 and shared.isdisjoint(trait(target) for target in working)
