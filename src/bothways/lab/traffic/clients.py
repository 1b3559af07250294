"""Clients that pay visits at the same time."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import assert_never

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic import programs, raw_syn
from bothways.lab.traffic.call import Call, InterruptedCallError, WrongAnswerError
from bothways.lab.traffic.conversations import Spoken, converse
from bothways.lab.traffic.endpoints import Ports
from bothways.lab.traffic.outcomes import Ended, Outcome, ended_by
from bothways.lab.world import nodes

Visited = tuple[Outcome, str]
"""How a connection went, and what `curl.log` says of it: nothing, if there was no curl."""

_FILLER = b"Nothing but bytes that somebody wanted to have brought to a server, and they are many.\n"


class Clients:
    """Whoever pays visits, and what they share: source ports, files to upload, and being told of the end.

    *work* is a folder for files that are gone after `close`.
    """

    def __init__(self, work: Path) -> None:
        self._folder = TemporaryDirectory(dir=work)
        self._over = os.eventfd(0)
        self._ports = Ports()
        self._calls: list[Call] = []

    def pay(self, visits: Sequence[Visit]) -> list[Visited]:
        """Pay visits together, in the order of the connections; all SYNs leave before any client looks for an answer.

        Raises:
            OSError: a visit could not be tried at all: no such node, no curl, no more descriptors.
        """
        tasks = [task for visit in visits for task in self._tasks(visit)]
        with ThreadPoolExecutor(max(1, len(tasks))) as pool:
            return [future.result() for future in [pool.submit(task) for task in tasks]]

    def interrupt(self) -> None:
        """Whoever waits for something gives up."""
        os.eventfd_write(self._over, 1)

    def close(self) -> None:
        """Hang up what is held, and clean up; nobody may be paying a visit any more."""
        for call in self._calls:
            call.close()
        os.close(self._over)
        self._folder.cleanup()

    def _tasks(self, visit: Visit) -> list[Callable[[], Visited]]:
        """What is left to do for each connection of a visit, once those without a program have been begun."""
        match visit.does:
            case "get":
                return [self._program(visit, None) for _ in range(visit.count)]
            case "upload":
                return [self._program(visit, self._file(visit.size)) for _ in range(visit.count)]
            case "syn":
                return [partial(raw_syn.send, visit, self._port(visit), self._over) for _ in range(visit.count)]
            case "greeting" | "echo" | "silent" | "leave" | "hold" | "ask" | "abort" | "stare":
                return [partial(_talk, call, visit, visit.does) for call in self._begun(visit)]
            case _:
                assert_never(visit.does)

    def _begun(self, visit: Visit) -> list[Call]:
        begun = []
        with nodes.within(visit.node):
            for _ in range(visit.count):
                begun.append(Call(visit, self._over))
                self._calls.append(begun[-1])
        return begun

    def _program(self, visit: Visit, body: Path | None) -> Callable[[], Visited]:
        port = self._port(visit)
        return partial(programs.call, visit, port, body, self._over, Path(self._folder.name))

    def _port(self, visit: Visit) -> int:
        return visit.source_port or self._ports.take(visit.node, visit.to)

    def _file(self, size: int) -> Path:
        file = Path(self._folder.name, f"{size}.bytes")
        if not file.exists():
            file.write_bytes((_FILLER * (size // len(_FILLER) + 1))[:size])
        return file


def _talk(call: Call, visit: Visit, does: Spoken) -> Visited:
    """Do the work of a visit on a connection that has begun; hang up, unless it is to be held."""
    ended: Ended = "done"
    try:
        converse(call, visit, does)
    except InterruptedCallError:
        ended = "unfinished"
    except WrongAnswerError:
        ended = "failed"
    except (OSError, EOFError) as error:
        ended = ended_by(error)
    took, source = call.elapsed, call.source
    closed = False
    if ended != "done" or does == "abort":
        call.close()
    elif does != "hold":
        closed = _parted(call)
    address, port = source or (None, None)
    outcome = Outcome(
        visit=visit,
        began=call.began,
        address=address,
        port=port,
        ended=ended,
        connected=call.connected,
        closed=closed,
        took=took,
        sent=call.sent,
        received=call.received,
    )
    return outcome, ""


def _parted(call: Call) -> bool:
    """Whether the server closed too, which is awaited as long as the client has patience."""
    with call, suppress(OSError, InterruptedCallError):
        call.part()
    return call.ended
