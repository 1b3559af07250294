"""The plain case, told at a glance: most connections work, and a capture holds them by the hundred thousand.

Nothing is defined here: whatever this calls done, `bothways.connections.outcome` finds to have worked as well, by the
long way (a test holds it to that).
"""

from bothways.connections import handshake
from bothways.connections.declined import only_refusals
from bothways.connections.ends import open_bytes
from bothways.connections.handshake import Handshake
from bothways.connections.sides import Sides
from bothways.evidence.segment import Content

_UNFINISHED = frozenset({Handshake.NOTHING, Handshake.SYN, Handshake.REFUSED})
_UNTOLD = frozenset({Content.NOTHING, Content.CUT_OFF})


def plainly_worked(sides: Sides) -> bool:
    """Opened and closed in view, data both ways, all of it acknowledged, and no word that could be a refusal."""
    there, back = sides.there, sides.back
    if there.syns != 1 or back.syn_acks != 1 or there.resets or back.resets:
        return False
    if not (there.data and back.data and there.fins and back.fins):
        return False
    if (
        there.alert is not None
        or back.alert is not None
        or there.sealed_alert
        or back.turns_away
        or only_refusals(sides)
    ):
        return False
    if back.opening in _UNTOLD or handshake.of(sides.history) in _UNFINISHED:
        return False
    return not open_bytes(there, back) and not open_bytes(back, there)
