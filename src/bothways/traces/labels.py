"""MPLS label stacks and numbers of autonomous systems, in the ways that path tools print them beside a responder.

Linux `<MPLS:L=1,E=0,S=1,T=1/L=2,...>` (traceroute(8), `-e`), BSD `[MPLS: Label 1 Exp 0]`, Cisco `[MPLS: Labels 1/2 Exp
0]`, Junos `MPLS Label=1 CoS=0 TTL=1 S=1`, mtr `[MPLS: Lbl 1 TC 0 S 1 TTL 1]` (`Exp` for `TC` before 0.95). Networks are
in brackets, `[AS1/AS2]`, `[AS 1]`, or `[*]` where the look-up found none; 0 is none either.
"""

import re

from bothways.evidence.quoted_probe import Label

MOST_LABELS = 16
"""Labels of one stack that are kept; an ICMP extension has room for 31 beside the shortest quote (RFC 4884)."""

IN_TEXT = (
    r"\[MPLS:? [^\]]{1,200}\]|<MPLS:[^>\s]{1,400}>|\[Label=[^\]]{1,100}\]|MPLS Label=\d+(?: (?:CoS|Exp|TTL|S)=\d+){0,3}"
)
"""Pattern of one such group of words."""

NETWORKS = r"\[AS ?\d{1,10}(?:[/,]\s?(?:AS ?)?\d{1,10}){0,7}\]"
"""Pattern of the networks of one address."""

_FIELD = re.compile(
    r"\b(?P<kind>Labels?|Lbl|L|Exp|EXP|TC|CoS|E|S|TTL|T)[ =:]+(?P<value>\d{1,8}(?:/\d{1,8}){0,15}|[\x00\x01]?u)"
)
_VALUES = frozenset({"Label", "Labels", "Lbl", "L"})
_CLASSES = frozenset({"Exp", "EXP", "TC", "CoS", "E"})
LARGEST_LABEL, LARGEST_CLASS = (1 << 20) - 1, 7
"""Twenty bits and three (RFC 3032 section 2.1)."""

_LARGEST_TTL = 255
_NUMBER = re.compile(r"\d{1,10}")
_HIGHEST_NETWORK = (1 << 32) - 1
"""Four octets (RFC 6793)."""


def labels_in(text: str) -> tuple[Label, ...]:
    """The stack that *text* shows, outermost first; what follows a value belongs to it, up to the next."""
    stack: list[tuple[list[int], dict[str, int]]] = []
    for found in _FIELD.finditer(text):
        kind, value = found["kind"], found["value"]
        if kind in _VALUES and value[0].isdigit():
            stack.append(([int(one) for one in value.split("/")], {}))
        elif stack and kind not in _VALUES:
            # mtr prints the bottom bit as a character, and a `u` behind it.
            bit = {"\x00u": "0", "\x01u": "1"}.get(value, value)
            name = "class" if kind in _CLASSES else "bottom" if kind == "S" else "ttl"
            if bit.isdigit():
                stack[-1][1].setdefault(name, int(bit))
    found_labels = [
        # What Cisco prints behind several values is of the outermost.
        _label(value, fields if place == 0 else {})
        for values, fields in stack
        for place, value in enumerate(values)
        if value <= LARGEST_LABEL
    ]
    return tuple(found_labels[:MOST_LABELS])


def _label(value: int, fields: dict[str, int]) -> Label:
    traffic_class, ttl, bottom = fields.get("class"), fields.get("ttl"), fields.get("bottom")
    return Label(
        value=value,
        traffic_class=traffic_class if traffic_class is not None and traffic_class <= LARGEST_CLASS else None,
        bottom=bottom == 1 if bottom in {0, 1} else None,
        ttl=ttl if ttl is not None and ttl <= _LARGEST_TTL else None,
    )


def networks_in(text: str) -> tuple[int, ...]:
    """The numbers in *text*, each once, without 0."""
    numbers = (int(number) for number in _NUMBER.findall(text))
    return tuple(dict.fromkeys(number for number in numbers if 0 < number <= _HIGHEST_NETWORK))
