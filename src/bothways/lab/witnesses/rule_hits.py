"""How often the rules of a ruleset were met, by their own counters (nft(8), "COUNTER STATEMENT")."""

import re

from bothways.errors import InputError

_RULE = re.compile(r"(?P<text>.*[^{\s]) # handle \d+")
"""A rule of `nft -a list ruleset`, which writes each on one line; the lines that open tables, chains and sets have a
handle too, behind their brace."""

_COUNTER = re.compile(r"\bcounter packets (\d+) bytes \d+")
_QUOTED = re.compile(r'"[^"]*"')


class MatchError(InputError):
    """No rule, or one that does not count, is what somebody wants counted: no count, not even zero."""


def hits(listing: str, match: str) -> int:
    """Add up the packets that met those rules in whose text *match* occurs; figures of counters are not part of it.

    Args:
        listing: what `nft -a list ruleset` printed.
        match: words of a rule as nft prints them, e.g. `ct state invalid counter drop`.

    Raises:
        MatchError: there is no such rule, or one of them has no counter of its own.
    """
    rules = [rule["text"] for line in listing.splitlines() if (rule := _RULE.fullmatch(line.strip()))]
    matching = [rule for rule in rules if match in _COUNTER.sub("counter", rule)]
    if not matching:
        message = f"no rule holds {match!r}; there are: {'; '.join(_COUNTER.sub('counter', rule) for rule in rules)}"
        raise MatchError(message)
    return sum(_counted(rule) for rule in matching)


def _counted(rule: str) -> int:
    counters = _COUNTER.findall(_QUOTED.sub('""', rule))
    if not counters:
        message = f"this rule has no counter of its own: {rule}"
        raise MatchError(message)
    # What stands behind a counter can refuse what it has counted; the last one has seen all of the rule's matches.
    return int(counters[-1])
