"""`truth.json` of a road: what an honest reader of its reports should find out, and what made that hard."""

import json
import os

from bothways.lab.roads.road import Road
from bothways.way import Way


def truth(road: Road) -> dict[str, object]:
    """Return what the file says: routers by distance on each way, and of each router who answers as what."""
    return {
        "road": road.seed,
        "ip": road.ip,
        "client": road.client,
        "client_seen": road.client_seen,
        "server": road.server,
        "there": [list(at) for at in road.way(Way.THERE)],
        "back": [list(at) for at in road.way(Way.BACK)],
        "stretches": [stretch.kind for stretch in road.shape.stretches],
        "routers": {router: _router(road, router) for router in road.shape.routers},
        "names": {address: {"name": one.name, "device": one.device} for address, one in road.names.items()},
        "inside": sorted(road.ends.inside),
        "delayed": sum(cable.there is not None for cable in road.cables),
        "translated": road.border is not None,
        "kernel": os.uname().release,
    }


def _router(road: Road, router: str) -> dict[str, object]:
    one = road.behaviours[router]
    loopback = road.loopbacks.get(router)
    return {
        "answers": one.answers,
        "silent": one.silent,
        "limited": one.limited,
        "addresses": [*road.addresses(router).values(), *([loopback] if loopback else [])],
        "style": road.staff.operators[road.staff.of[router]].style,
    }


def text(road: Road) -> str:
    """Return it as it is written."""
    return json.dumps(truth(road), indent=1) + "\n"
