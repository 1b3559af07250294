"""`nft list ruleset`: chains with their policies, rules with their counters (nft(8))."""

import re

from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import ProblemList, escaped, head, lines, prompted
from bothways.evidence.rule import Decision, Rule, Ruleset
from bothways.states.nft_rule import rule
from bothways.states.nft_statements import LONGEST_LINE, Statements

_TABLE = re.compile(r"\s*table\s+(?:(?:ip|ip6|inet|arp|bridge|netdev)\s+)?[^\s{]+\s*\{.*")
_BASE = re.compile(r"type\s+\S+\s+hook\s+(?P<hook>\w+)\b.*")
_POLICY = re.compile(r"policy\s+(?P<policy>accept|drop)")
_REMARK = re.compile(r"(?:comment\s.*|flags\s.*|devices?\s.*)")


def recognises(text: str) -> bool:
    """Whether *text* starts, after prompts and comments, with a table."""
    top = [line for line in head(text) if not prompted(line, "nft") and not line.lstrip().startswith("#")]
    return bool(top) and _TABLE.fullmatch(top[0]) is not None


def read(text: str, *, file: str) -> Reading[Ruleset]:
    """The ruleset that *text* lists."""
    problems = ProblemList()
    hooks: dict[tuple[str, str], str] = {}
    policies: dict[tuple[str, str], Decision] = {}
    rules: list[Rule] = []
    listing = (line for line in lines(text, longest=LONGEST_LINE) if not prompted(line.text[:1000], "nft"))
    for statement in Statements(problems=problems).read(listing):
        place = (escaped(statement.table), escaped(statement.chain))
        if base := _BASE.fullmatch(statement.text):
            hooks[place] = base["hook"]
            # "The default is accept" where a base chain has no policy of its own.
            policies.setdefault(place, Decision.ACCEPT)
        elif policy := _POLICY.fullmatch(statement.text):
            policies[place] = Decision(policy["policy"])
        elif not _REMARK.fullmatch(statement.text):
            rules.append(rule(statement, hooks.get(place)))
    ruleset = Ruleset(
        file=file,
        rules=tuple(rules),
        policies=tuple((table, chain, policy) for (table, chain), policy in policies.items()),
    )
    return Reading(content=ruleset, problems=problems.all())
