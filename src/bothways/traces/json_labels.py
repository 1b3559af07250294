"""MPLS label stacks as the various tools' JSON spells them; `labels` has the forms of text."""

from collections.abc import Iterable

from bothways.evidence.quoted_probe import Label
from bothways.traces.json_values import Value, member, octet, whole
from bothways.traces.labels import LARGEST_CLASS, LARGEST_LABEL, MOST_LABELS

_LABEL = ("label", "mpls_label")
_CLASS = ("exp", "experimental", "mpls_exp", "tc")
_BOTTOM = ("s", "bos", "bottom_of_stack", "mpls_s")
_TTL = ("ttl", "mpls_ttl")


def labels(entries: Iterable[Value]) -> tuple[Label, ...]:
    """The stack of *entries*, outermost first; what is no label is left out."""
    found = [label for entry in entries if (label := _label(entry))]
    return tuple(found[:MOST_LABELS])


def _label(entry: Value) -> Label | None:
    value = whole(_first(entry, _LABEL), 0, LARGEST_LABEL)
    if value is None:
        return None
    bottom = _first(entry, _BOTTOM)
    bit = bottom if isinstance(bottom, bool) else whole(bottom, 0, 1)
    return Label(
        value=value,
        traffic_class=whole(_first(entry, _CLASS), 0, LARGEST_CLASS),
        bottom=None if bit is None else bool(bit),
        ttl=octet(_first(entry, _TTL)),
    )


def _first(entry: Value, names: tuple[str, ...]) -> Value:
    return next((found for name in names if (found := member(entry, name)) is not None), None)
