"""The course of a check: what is done in which order, and on what that depends.

    name -> route -> capture -> the real connections, all at once -> all answered?
        yes: that was it
        no:  comparisons and traces, while the connections without an answer are held open -> the end of the budget

It knows no socket and no clock but those of its `Network`, so that a scripted one can be played against it.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from bothways.check import controls, stages, traced
from bothways.check.budget import Budget, Depth
from bothways.check.made import Found, Made
from bothways.check.network import Looked, Network, Running
from bothways.check.stages import Stage, Told
from bothways.check.traced import Shown, Trace, shown
from bothways.check.trial import BY_PORT_ALONE, OF_TARGET, Trial, Tried
from bothways.check.wish import Wish
from bothways.evidence.endpoint import Endpoint
from bothways.units import Instant, seconds

MOST_ADDRESSES = 8
"""Addresses of one name that are tried; big services have dozens, all alike."""

MOST_LOOKED_INTO = 3
"""Failing servers for which comparisons and traces are made: more would not fit into the budget of probes."""

FAILED_AFTER = seconds(3.1)
"""A connection that waited so long counts as failed (3 s, and a little for clocks): its port may be tried again."""

CONTROL_ANSWERS = seconds(0.4)
"""How long traces of a control wait for one that answers: a round trip around the world; TLS takes no part in it."""


class Course:
    """One check."""

    def __init__(self, wish: Wish, network: Network, told: Told) -> None:
        self._wish, self._network, self._told = wish, network, told
        self._budget: Budget = wish.budget
        self._began = network.now()
        """When the real connections were begun."""
        self._compared = self._began
        """When the latest connections were begun that something is compared with."""
        self.made = Made()

    def run(self) -> Made:
        """All of it. What was made until then stands in `made` also where this is broken off."""
        self._look_up()
        self._find_roads()
        if any(found.reachable for found in self.made.found):
            self._watch()
            self._connect()
            if self._failing() or self._wish.depth is Depth.DEEP:
                self._compare()
                self._hold()
        return self.made

    def _look_up(self) -> None:
        hosts = [target.host for target in self._wish.targets]
        self._told.begin(Stage.NAME, f"looking up {', '.join(hosts)}")
        looked = [self._addresses(target.host, target.port) for target in self._wish.targets]
        self.made.found = [
            Found(target=target, looked=one, roads=()) for target, one in zip(self._wish.targets, looked, strict=True)
        ]
        named = [self._addresses(host, 0) for host in self._wish.controls]
        self.made.controls = tuple(dict.fromkeys(address for one in named for address in one.addresses))
        both = [*hosts, *self._wish.controls]
        self._told.end(stages.of_names(list(zip(both, [*looked, *named], strict=True))))

    def _addresses(self, host: str, port: int) -> Looked:
        known = self._wish.given.get((host, port))
        if known is not None:
            return Looked(addresses=known)
        looked = self._network.lookup(host, within=self._budget.lookup)
        return replace(looked, addresses=looked.addresses[:MOST_ADDRESSES])

    def _find_roads(self) -> None:
        self._told.begin(Stage.ROAD, "asking the kernel for its routes")
        self.made.found = [
            replace(found, roads=tuple(self._network.road(address) for address in found.looked.addresses))
            for found in self.made.found
        ]
        self._told.end(stages.of_roads([road for found in self.made.found for road in found.roads]))

    def _watch(self) -> None:
        self._told.begin(Stage.WATCH, "opening a capture")
        targets = [address for found in self.made.found for address in found.reachable]
        self.made.unwatched = self._network.watch(tuple(dict.fromkeys((*targets, *self.made.controls))))
        self._told.end(self.made.unwatched or "of its own connections")

    def _connect(self) -> None:
        """The real connections, and as many beside the first as a browser opens."""
        self._told.begin(Stage.CONNECT, "connecting")
        self._began = self._network.now()
        further = controls.SOURCE_PORTS_DEEP if self._wish.depth is Depth.DEEP else controls.SOURCE_PORTS
        for found in self.made.found:
            trials = controls.real(found.target, found.reachable)
            self._begin(trials)
            self._begin((*controls.further_ports(trials[0], further), *controls.large(trials[0])) if trials else ())
        self._network.run(until=self._after(self._budget.look), while_=lambda: bool(self._open()))
        # An answer that has begun to come may end well.
        self._network.run(until=self._after(self._budget.look + self._budget.finish), while_=self._all_coming)
        self._told.end(stages.of_fates(self._of_targets()))

    def _compare(self) -> None:
        """Begin what failing connections are compared with, and the traces; which of those depends on the controls."""
        self._told.begin(Stage.COMPARE, "comparing, and tracing from inside")
        self._compared = self._network.now()
        looked_into = self._failing()[:MOST_LOOKED_INTO]
        for server in looked_into:
            self._compare_one(server)
        self._network.run(until=Instant(self._compared + CONTROL_ANSWERS), while_=lambda: True)
        tries = self.made.tried
        for server in looked_into:
            worst, control = traced.worst(tries, server), traced.best_control(tries, server)
            if worst is not None and control is not None:
                for trace in traced.of_control(shown(worst), control):
                    self._trace(trace, None)
        self._told.end(stages.of_compared(self.made.tried, self.made.traces))

    def _compare_one(self, server: Endpoint) -> None:
        tries = self.made.tried
        worst = traced.worst(tries, server)
        if worst is None:
            return
        usual = [one for one in tries if one.trial.server == server and one.trial.purpose in BY_PORT_ALONE]
        if {one.is_good for one in usual} == {True, False}:
            # Some ports fare well: with as many again, and all once more, chance is told from a broken path.
            self._begin(controls.further_ports(usual[0].trial, controls.SOURCE_PORTS + 1))
        self._begin(controls.comparisons(worst.trial, self._elsewhere(server)))
        held = next((one for one in self.made.running if one.tried().local == worst.local), None)
        for trace in traced.of_target(worst):
            self._trace(trace, held)

    def _elsewhere(self, server: Endpoint) -> list[str]:
        """Hosts to compare with: those that the user named, of the same family."""
        named = [one for one in self.made.controls if one != server.address]
        return [one for one in named if (":" in one) == (":" in server.address)]

    def _trace(self, trace: Trace, held: Running | None) -> None:
        if trace not in self.made.traces:
            self.made.traces.append(trace)
            self._network.trace(trace, held)

    def _hold(self) -> None:
        """Wait as long as an answer may still come, try ports again where some work, and let the traces end."""
        self._told.begin(Stage.HOLD, "holding what has no answer, and waiting for the traces")
        last_begun = max(self._compared, self._began)
        until = min(Instant(last_begun + FAILED_AFTER), self._after(self._budget.hold))
        self._network.run(until=until, while_=self._is_needed)
        if self._after(self._budget.hold) - self._network.now() >= FAILED_AFTER:
            self._try_again()
        self._network.run(until=self._after(self._budget.hold), while_=self._is_needed)
        self._told.end(stages.of_fates(self._of_targets()))

    def _try_again(self) -> None:
        """The same source ports once more, where they fared differently."""
        for server in self._failing():
            ended = {
                one.local.port: (running, one)
                for running in self.made.running
                if (one := running.tried()).trial.server == server and one.trial.purpose in BY_PORT_ALONE and one.local
            }
            trials = controls.again([(one.trial, port, one.is_good) for port, (_, one) in ended.items()])
            for trial in trials:
                ended[trial.source_port][0].close()
            self._begin(trials)

    def _begin(self, trials: Iterable[Trial]) -> None:
        self.made.running += [self._network.begin(trial) for trial in trials]

    def _after(self, span: int) -> Instant:
        """*span* after the real connections were begun."""
        return Instant(self._began + span)

    def _of_targets(self) -> list[Tried]:
        return [one for one in self.made.tried if one.trial.purpose in OF_TARGET]

    def _open(self) -> list[Tried]:
        return [one for one in self._of_targets() if not one.over]

    def _failing(self) -> list[Endpoint]:
        """The targets' servers of which a connection is not fine, each once."""
        return list(dict.fromkeys(one.trial.server for one in self._of_targets() if shown(one) is not Shown.FINE))

    def _all_coming(self) -> bool:
        """Whether something is open still, and an answer has begun to come on all that is."""
        return bool(self._open()) and all(one.heard is not None for one in self._open())

    def _is_needed(self) -> bool:
        """Whether waiting may bring something: an answer to the target, the end of a trace, of a comparison."""
        if self._open() or self._network.tracing():
            return True
        comparing = self._network.now() < self._compared + self._budget.compare
        return comparing and any(not one.over for one in self.made.tried)
