"""Two hosts and a cable between them, made by ip(8) alone."""

import errno
import socket
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.outcomes import Outcome
from bothways.lab.traffic.visits import Visits
from bothways.lab.world import nodes
from bothways.lab.world.waiting import until

SERVER, SERVER6 = "192.0.2.2", "2001:db8::2"
CLIENT, CLIENT6 = "192.0.2.1", "2001:db8::1"

_COMMANDS = f"""
netns add client
netns add server
link add eth0 netns client type veth peer name eth0 netns server
-n client addr add {CLIENT}/28 dev eth0
-n client addr add {CLIENT6}/64 dev eth0 nodad
-n server addr add {SERVER}/28 dev eth0
-n server addr add {SERVER6}/64 dev eth0 nodad
-n client link set lo up
-n server link set lo up
-n client link set eth0 up
-n server link set eth0 up
"""


def connect(to: str = SERVER) -> None:
    """Make `client` and `server` in a lab's own world, and wait until that address of the server is reached."""
    for words in _COMMANDS.strip().splitlines():
        subprocess.run(["ip", *words.split()], check=True)
    until(partial(_refuses, to), f"{to} to be reached")


def _refuses(address: str) -> bool:
    with nodes.within("client"), socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knock:
        knock.settimeout(0.2)
        return knock.connect_ex((address, 1)) == errno.ECONNREFUSED


def visit(does: Any = "get", **more: Any) -> Visit:
    """A visit of the client to the server's port 80, unless told otherwise."""
    return Visit(**{"node": "client", "to": SERVER, "port": 80, "does": does, **more})


def pay(visits: list[Visit], logs: Path) -> list[Outcome]:
    """Pay visits to their end; the folder is for the logs and for work too."""
    with Visits.start(visits, logs=logs, work=logs) as paid:
        assert paid.wait(60)
        return paid.outcomes()
