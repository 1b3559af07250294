"""What became of a connection of which only a monitor's record is left: said where the record proves it.

A client that repeats its SYN and sends nothing else got no answer, whatever the monitor saw of the way back. A RST that
is all the server sent refused it. Data both ways and an end from both is work done. Everything else may be the record's
own blindness, and is censored: who waited, and for what, shows only in packets.
"""

from msgspec import Struct

from bothways.connections.outcome import PATIENCE, SEVERAL, Outcome
from bothways.evidence.citation import Citation
from bothways.evidence.flow import Ending, Flow
from bothways.units import between


class LoggedFlow(Struct, frozen=True, kw_only=True):
    """A record with the log that holds it and what became of the connection."""

    file: str
    flow: Flow
    outcome: Outcome

    def cite(self) -> Citation:
        """The line that tells of it."""
        return Citation(file=self.file, line=self.flow.line)

    @property
    def signature(self) -> str:
        """By what failures differ, as in `Exchange.signature`: the outcome, and the letters as they first came."""
        return f"{self.outcome} {''.join(dict.fromkeys(self.flow.history))}"


def outcome_of(flow: Flow) -> Outcome:
    """The outcome that *flow* proves; `CENSORED` where it proves none."""
    match flow.ending:
        case Ending.ATTEMPT if _waited(flow):
            return Outcome.UNANSWERED
        case Ending.REJECTED if flow.complete and _letters(flow) <= {"S", "r"}:
            return Outcome.REFUSED
        case Ending.RESET_BY_SERVER if _was_reset_unanswered(flow):
            return Outcome.RESET
        case Ending.CLOSED if _worked(flow):
            return Outcome.WORKED
        case _:
            return Outcome.CENSORED


def _letters(flow: Flow) -> set[str]:
    return set(flow.history)


def _waited(flow: Flow) -> bool:
    """The SYN was repeated, for as long as a client must wait to have failed, and nothing else was sent."""
    if not flow.complete or flow.last is None or between(flow.first, flow.last) < PATIENCE:
        return False
    there, back = flow.packets
    return _letters(flow) <= {"S"} and not back and max(there or 0, flow.history.count("S")) >= SEVERAL


def _was_reset_unanswered(flow: Flow) -> bool:
    """The server took the connection, never said a word, and reset it before the client had closed."""
    letters = _letters(flow)
    asked = "D" in letters or "F" not in letters
    return flow.complete and "h" in letters and asked and not letters & {"d", "t", "f"} and flow.payload[1] == 0


def _worked(flow: Flow) -> bool:
    """Bytes both ways; where the letters are known, data of the server was really seen and not only reckoned."""
    there, back = flow.payload
    return bool(there and back) and (not flow.history or "d" in flow.history)
