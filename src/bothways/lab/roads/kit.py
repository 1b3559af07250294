"""Which path tools somebody at each end happens to call."""

from random import Random

from bothways.lab.model.scenario import PathReport, Tool
from bothways.lab.roads.cables import CLIENT, SERVER

_TOOLS: dict[Tool, int] = {
    "mtr": 3,
    "mtr-both": 4,
    "mtr-numeric": 2,
    "mtr-json": 2,
    "icmp-traceroute": 3,
    "udp-traceroute": 3,
    "tcp-traceroute": 2,
    "tracepath": 1,
}
"""How often each is called."""

_PORT = 443


def drawn(chance: Random, server: str, client: str, *, patient: bool) -> tuple[PathReport, ...]:
    """Draw one to three reports of each way, mostly by the same tools at both ends.

    tracepath waits three seconds for each router that keeps silent: it is called only by who is *patient*.
    """
    tools = {tool: weight for tool, weight in _TOOLS.items() if patient or tool != "tracepath"}
    there = _some(chance, tools)
    back = there if chance.random() < 0.7 else _some(chance, tools)
    return tuple(
        PathReport(
            file=f"{word}-{number}.{_file(tool)}",
            tool=tool,
            node=node,
            to=to,
            port=_PORT if tool == "tcp-traceroute" else None,
        )
        for word, node, to, chosen in (("outbound", CLIENT, server, there), ("inbound", SERVER, client, back))
        for number, tool in enumerate(chosen, start=1)
    )


def _some(chance: Random, tools: dict[Tool, int]) -> list[Tool]:
    return chance.choices(list(tools), list(tools.values()), k=chance.choice((1, 1, 2, 3)))


def _file(tool: Tool) -> str:
    return "mtr.json" if tool == "mtr-json" else f"{tool}.txt"
