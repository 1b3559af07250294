"""How far a connection typically gets under a theory, read off its drawing."""

from enum import StrEnum

from bothways.theories.ladder import Rung, Upright
from bothways.theories.theory import Theory
from bothways.way import Way


class Stage(StrEnum):
    """How far a connection gets, the earliest first."""

    SYN = "The SYN brings no SYN+ACK, or none that the client takes"
    HANDSHAKE = "A SYN+ACK comes back, and the server never takes the ACK"
    DATA = "The handshake completes, and later packets get lost"
    TAKEN = "Every packet arrives, and still it fails"
    ANYWHERE = "At any time"


def stage_of(theory: Theory) -> Stage:
    """How far the exchange drawn for *theory* gets; `ANYWHERE` where none is drawn."""
    if theory.ladder is None:
        return Stage.ANYWHERE
    rungs = theory.ladder.rungs
    # Where the drawing shows another SYN that is answered, it is for comparison.
    answered = any(rung.way is Way.BACK and rung.packet.startswith("SYN+ACK") and not rung.lost for rung in rungs)
    if rungs[0].lost or not answered:
        return Stage.SYN
    if not any(_taken(rung) for rung in rungs):
        return Stage.HANDSHAKE
    return Stage.DATA if any(rung.lost for rung in rungs) else Stage.TAKEN


def _taken(rung: Rung) -> bool:
    """Whether the server takes a packet of the client that completes a handshake."""
    arrives = rung.way is Way.THERE and rung.end is Upright.SERVER and not rung.lost
    return arrives and not rung.packet.startswith("SYN")
