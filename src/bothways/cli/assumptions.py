"""The values of the option `--assume FACT=ANSWER`."""

from collections.abc import Iterable
from difflib import get_close_matches

from bothways.errors import CallError
from bothways.facts.assumed import Assumed
from bothways.facts.catalogue import FACTS, kind_called
from bothways.facts.fact import Kind
from bothways.facts.health import HEALTH
from bothways.host.found import shown

ASSUMABLE = tuple(kind for kind, _ in FACTS if kind is not HEALTH)
"""Whether something fails is not for anybody to say: it decides whether causes are weighed at all."""


def assumed(values: Iterable[str]) -> tuple[Assumed, ...]:
    """Read the values of the option.

    Raises:
        CallError: A value has another form, names a kind or an answer that does not exist, or contradicts another.
    """
    found: dict[str, Assumed] = {}
    for value in values:
        item = _assumed(value)
        before = found.setdefault(item.kind.id, item)
        if before.answer is not item.answer:
            message = f"--assume {before} and --assume {item} contradict each other: one kind has one answer"
            raise CallError(message)
    return tuple(found.values())


def _assumed(value: str) -> Assumed:
    name, _, answer = value.partition("=")
    kind = kind_called(name)
    if kind is None:
        raise CallError(_no_such_kind(name, value))
    if kind not in ASSUMABLE:
        message = f"--assume {shown(value)}: whether a target fails is measured; what may be assumed is why"
        raise CallError(message)
    if answer not in set(kind.answers):
        message = f"--assume {shown(value)}: {kind.asks} Its answers are {', '.join(kind.answers)}"
        raise CallError(message)
    return Assumed(kind=kind, answer=kind.answers(answer))


def _no_such_kind(name: str, value: str) -> str:
    known = [kind.id for kind in ASSUMABLE]
    if not name or "=" not in value:
        form = "it takes FACT=ANSWER, as in firewall-state=bypassed"
    else:
        near = get_close_matches(name, known, n=3)
        form = f"there is no such fact; did you mean {' or '.join(near)}?" if near else "there is no such fact"
    explained = "`bothways theories --facts` explains them"
    return f"--assume {shown(value)}: {form}. Facts that may be assumed ({explained}): {', '.join(known)}"


def complete(incomplete: str) -> list[tuple[str, str]]:
    """What a shell may offer for *incomplete*, with a word of help each: kinds, and the answers of a single one."""
    kinds = [kind for kind in ASSUMABLE if f"{kind.id}=".startswith(incomplete) or incomplete.startswith(f"{kind.id}=")]
    if len(kinds) != 1:
        return [(f"{kind.id}=", kind.asks) for kind in kinds]
    return [(word, kinds[0].asks) for word in _with_answers(kinds[0]) if word.startswith(incomplete)]


def _with_answers(kind: Kind) -> list[str]:
    return [f"{kind.id}={answer}" for answer in kind.answers]
