"""Prints docs/firewall-names.md: the words in host names that speak for devices which keep state.

python tools/firewall_names.py            print it
python tools/firewall_names.py --write    write it to docs/firewall-names.md
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from bothways.evidence.inventory import State
from bothways.paths.firewall_names import LEFT_OUT, MODELS, WORDS

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "firewall-names.md"

HEAD = """# Names that speak for a firewall

Printed by `python tools/firewall_names.py` from `src/bothways/paths/firewall_names.py`; a test fails when this page is
stale.

**A name is weak evidence.** Names lie, are inherited by the box that replaced the firewall, and most firewalls have no
such name. What rests on a name alone never confirms a cause and never settles a rivalry; the report says "because of
its name". `--firewall` and a [list of devices](inventory.md) say it for certain, and a list can take it back: a device
of it that keeps no state is none, whatever it is called.

Only the label that names the device itself is looked at, never its domain: `fw1` of `fw1.example.net`, of
`xe-0-0-1.fw1.campus.example` (an interface in front), of `fw1--core` and `fw1-to-core` (the neighbour that an interface
leads to). Words are runs of letters, so `fw-01a`, `fw1` and `fgt60f` have the words `fw` and `fgt`, and `forward`,
`safwan` and `album` have none.

Sources: the products' own names and model numbers in their vendors' public documentation; what public standards for
naming devices ask for (`fw` firewall, `lb` load balancer); and what administrators are seen to write. More words make
more mistakes: whoever adds one says what else it may mean.
"""

TITLES = {
    State.FIREWALL: "Firewalls",
    State.TRANSLATOR: "Translators of addresses",
    State.BALANCER: "Load balancers",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_tables(), *_models(), *_left_out(), ""])


def _tables() -> Iterator[str]:
    for keeps, title in TITLES.items():
        yield f"## {title}\n\n| word | stands for | also known for |\n|---|---|---|"
        for one in sorted(WORDS.values(), key=lambda one: one.word):
            if one.keeps is keeps:
                yield f"| `{one.word}` | {one.means} | {one.mistaken or '-'} |"
        yield ""


def _models() -> Iterator[str]:
    yield "## Words that take a model's number\n"
    for pattern, means in MODELS:
        yield f"- `{pattern.pattern}`: {means}"
    yield ""


def _left_out() -> Iterator[str]:
    yield "## Left out on purpose\n\n| word | why |\n|---|---|"
    for word, why in sorted(LEFT_OUT.items()):
        yield f"| `{word}` | {why} |"


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
