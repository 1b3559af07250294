"""How probes and where they stop are told."""

from bothways.evidence.probing import Sends
from bothways.facts.probe_runs import Run, Stop
from bothways.facts.subject import Subject

_CALLED = {
    Sends.SYN: "fresh SYNs",
    Sends.STRAY_ACK: "ACKs of no connection",
    Sends.INSIDE_SYN: "SYNs of this connection",
    Sends.INSIDE_ACK: "ACKs of this connection",
    Sends.INSIDE_DATA: "small segments of this connection",
    Sends.INSIDE_HELLO: "ClientHellos with this name",
    Sends.INSIDE_OTHER_HELLO: "ClientHellos with another name",
    Sends.INSIDE_LARGE: "full-sized segments of this connection",
    Sends.UDP: "datagrams",
}


def called(run: Run) -> str:
    """What to call the probes of *run*."""
    return _CALLED[run.sends]


def hop(subject: Subject, run: Run, distance: int) -> str:
    """`hop 3, fw1`: a distance, and who answered from it."""
    senders = sorted(run.senders(distance))
    return f"hop {distance}, {router(subject, senders[0])}" if senders else f"hop {distance}"


def router(subject: Subject, address: str) -> str:
    """The name that path reports or captures have for *address*, else the address."""
    replies = (reply for path in subject.paths for one in path.hops for reply in one.replies)
    named = next((reply.name for reply in replies if reply.address == address and reply.name), None)
    return named or subject.called(address) or address


def reach(subject: Subject, run: Run) -> str:
    """`comes to hop 6, r6`, as far as routers answered *run*."""
    return f"comes to {hop(subject, run, run.farthest)}" if run.farthest else "reaches the server"


def of_stop(subject: Subject, stop: Stop) -> str:
    """`SYNs of this connection come to hop 6, r6; its ACKs ... are answered up to hop 3, fw1, and by nobody beyond`."""
    goes_on = f"{called(stop.beside)} come to {hop(subject, stop.beside, stop.beside.farthest)}"
    behind = "are refused" if stop.rejected else "have no answer"
    if stop.passed:
        last = hop(subject, stop.of, stop.passed)
        return f"{goes_on}; {called(stop.of)} are answered up to {last}, and {behind} beyond"
    return f"{goes_on}; {called(stop.of)} {behind} from hop {stop.missing} on"
