"""All visits of a run, step after step."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from bothways.lab.box.settings import change
from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.clients import Clients, Visited
from bothways.lab.traffic.outcomes import Outcome, line


class Visits:
    """Visits that are being paid by threads of this process; made by `start`, and to be closed.

    As the steps end, the folder of logs comes to hold a line for each connection in `connections.log`
    (`outcomes.line`), and the words of all curls in `curl.log`, both in the order of the steps and of the visits.
    """

    def __init__(self, visits: Sequence[Visit], logs: Path, work: Path, on_step: Callable[[int], None]) -> None:
        self._visits, self._logs, self._on_step = tuple(visits), logs, on_step
        self._clients = Clients(work)
        self._outcomes: list[Outcome] = []
        self._closing = False
        self._last_step = threading.Event()
        """The last step has begun, or there will be none."""
        self._last_began = 0.0
        self._executor = ThreadPoolExecutor(1)
        self._paid: Future[None] = self._executor.submit(self._pay)

    @classmethod
    def start(
        cls, visits: Sequence[Visit], *, logs: Path, work: Path, on_step: Callable[[int], None] = lambda _: None
    ) -> Self:
        """Begin to pay visits; *work* is a folder for files that do not stay, *on_step* hears of each step's begin."""
        return cls(visits, logs, work, on_step)

    def wait(self, timeout: float | None = None) -> bool:
        """Whether all are done, which is awaited for *timeout* seconds; None is until then.

        Raises:
            OSError: a visit could not be tried at all: no such node, no curl, no more descriptors.
            InputError: a setting of a visit's node cannot be.
        """
        done, _ = wait([self._paid], timeout)
        if done:
            self._paid.result()
        return bool(done)

    def under_way(self, after_s: float = 1.0) -> None:
        """Wait until the last step has gone on for so many seconds, or all are done.

        Raises:
            OSError: see `wait`.
        """
        self._last_step.wait()
        self.wait(max(0.0, self._last_began + after_s - time.monotonic()))

    def hanging(self, before_s: float = 1.0) -> bool:
        """Wait until some are about to give up: that many seconds before the last step's first patience ends.

        Returns:
            Whether a visit is still going on. False comes at once when all are done.

        Raises:
            OSError: see `wait`.
        """
        self._last_step.wait()
        last = max((visit.step for visit in self._visits), default=0)
        patience = min((visit.patience_s + visit.idle_s for visit in self._visits if visit.step == last), default=0.0)
        return not self.wait(max(0.0, self._last_began + patience - before_s - time.monotonic()))

    def outcomes(self) -> list[Outcome]:
        """How the connections of the steps so far went, in the order of the logs."""
        return list(self._outcomes)

    def close(self) -> None:
        """End what goes on, hang up what is held, and wait for the threads; may be called again."""
        if self._closing:
            return
        self._closing = True
        self._clients.interrupt()
        self._executor.shutdown()
        self._clients.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pay(self) -> None:
        steps = sorted({visit.step for visit in self._visits})
        try:
            for step in steps:
                if self._closing:
                    return
                self._on_step(step)
                self._prepare(step)
                if step == steps[-1]:
                    self._last_began = time.monotonic()
                    self._last_step.set()
                self._keep(self._clients.pay([visit for visit in self._visits if visit.step == step]))
        finally:
            self._last_step.set()

    def _prepare(self, step: int) -> None:
        for visit in self._visits:
            if visit.step == step and visit.settings:
                change(visit.node, visit.settings)

    def _keep(self, visited: Sequence[Visited]) -> None:
        self._outcomes += [outcome for outcome, _ in visited]
        with (self._logs / "connections.log").open("a", encoding="utf-8") as log:
            log.writelines(f"{line(outcome)}\n" for outcome, _ in visited)
        if said := "".join(said for _, said in visited):
            with (self._logs / "curl.log").open("a", encoding="utf-8") as log:
                log.write(said)
