"""Nothing of a lab is left, however it ends; and labs do not meet."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bothways.errors import InputError, MissingPermissionError
from bothways.lab.world import world
from bothways.lab.world.nodes import NAMESPACES
from bothways.lab.world.waiting import until

pytestmark = pytest.mark.lab

SHADOWED = ("/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf")

LAB = """
import signal, sys
from bothways.lab.world import nodes, world
from bothways.lab.box.build import build
from bothways.lab.model.network import End, Link, Name, Network, Node, Quality

def end(node, interface, address):
    return End(node=node, interface=interface, addresses=[address])

NETWORK = Network(
    nodes=[
        Node(name="client"),
        Node(name="router", router=True, filter="table inet lab {\\n}"),
        Node(name="server"),
    ],
    links=[
        Link(a=end("client", "eth0", "192.0.2.1/28"), b=end("router", "inside", "192.0.2.2/28")),
        Link(
            a=end("router", "outside", "2001:db8::1/64"),
            b=end("server", "eth0", "2001:db8::2/64"),
            there=Quality(latency_ms=1),
        ),
    ],
    names=[Name(address="192.0.2.1", name=sys.argv[2])],
)

def say(word):
    print(word, flush=True)

def life():
    build(NETWORK, 1).load_filters()
    nodes.start("client", "tcpdump", "-i", "eth0", "-w", "/dev/null")
    nodes.start("server", "sleep", "1000")
    say("built")
    return ENDS[sys.argv[1]]()

def wait_to_be_ended():
    signal.pause()
    return 0

def fail():
    raise LookupError("on purpose")

def answer():
    sys.stdin.readline()
    say(nodes.run("client", "getent", "hosts", "192.0.2.1").stdout.split()[1])
    return 7

ENDS = {"wait": wait_to_be_ended, "fail": fail, "answer": answer}

say("begun")
try:
    status = world.live(life)
except KeyboardInterrupt:
    status = 130
sys.exit(status)
"""


class Lab:
    """A lab in a process of its own; all its processes carry a mark in their surroundings."""

    def __init__(self, how: str, name: str) -> None:
        self.mark = f"BOTHWAYS_LAB_TEST={uuid.uuid4()}"
        key, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAB, how, name],
            env={**os.environ, key: value},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def say(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def hear_within(self, seconds: float) -> bool:
        """Whether it says something, or ends, in that time."""
        assert self.process.stdout
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    def processes(self) -> set[int]:
        return {int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if self.mark in text(path)}

    def namespaces(self) -> set[int]:
        """Inodes of the network namespaces that its processes are in, or that it has names for."""
        home = Path("/proc/self/ns/net").stat().st_ino
        found = set()
        for number in self.processes():
            for path in (Path(f"/proc/{number}/ns/net"), *Path(f"/proc/{number}/root{NAMESPACES}").glob("*")):
                try:
                    found.add(path.stat().st_ino)
                except OSError:  # gone meanwhile
                    continue
        return found - {home}

    def is_gone(self, namespaces: set[int]) -> bool:
        return not self.processes() and not (namespaces & namespaces_of_this_machine())


def text(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:  # gone meanwhile
        return ""


def own_pids() -> Path:
    return Path("/proc/self/ns/pid").readlink()


def namespaces_of_this_machine() -> set[int]:
    """Those of processes that are in no lab: labs are in PID namespaces of their own, and other tests may have some."""
    home = own_pids()
    found = set()
    for path in Path("/proc").glob("[0-9]*/ns"):
        try:
            if (path / "pid").readlink() == home:
                found.add((path / "net").stat().st_ino)
        except OSError:  # gone meanwhile
            continue
    return found


def traces() -> object:
    """What a lab could leave on this machine: mounts, names of namespaces, changes to the files that it shadows."""
    return (
        Path("/proc/self/mountinfo").read_text(encoding="utf-8"),
        sorted(NAMESPACES.iterdir()) if NAMESPACES.exists() else None,
        sorted(Path("/etc").iterdir()),
        [(Path(name).read_bytes(), Path(name).stat().st_mtime_ns) for name in SHADOWED if Path(name).exists()],
    )


@contextmanager
def lab(how: str = "wait", name: str = "only.example") -> Iterator[Lab]:
    """A lab of which nothing may be left afterwards."""
    before = traces()
    running = Lab(how, name)
    with running.process:
        try:
            yield running
        finally:
            running.process.kill()
    until(lambda: not running.processes(), "all processes of the lab to end")
    assert traces() == before


def ended(running: Lab) -> int:
    """Its exit status, once it has ended; it may be dying of a signal, which it must not hang on to."""
    return running.process.wait(20)


def test_nothing_is_left_after_success() -> None:
    with lab("answer", "answered.example") as running:
        assert [running.hear(), running.hear()] == ["begun", "built"]
        namespaces = running.namespaces()
        assert len(namespaces) >= 3
        assert len(running.processes()) >= 4
        running.say()
        assert running.hear() == "answered.example"
        assert ended(running) == 7
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


def test_nothing_is_left_after_an_error_which_is_told() -> None:
    with lab("fail") as running:
        assert ended(running) == 1
        assert running.process.stderr
        said = running.process.stderr.read()
        assert said.startswith("Traceback")
        assert "LookupError: on purpose\n" in said
        assert "in fail" in said, "where it happened is told too"
        until(lambda: not running.processes(), "the lab to be gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_after_a_request_to_end(number: signal.Signals) -> None:
    with lab() as running:
        assert [running.hear(), running.hear()] == ["begun", "built"]
        namespaces = running.namespaces()
        running.process.send_signal(number)
        assert ended(running) == 130
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


def test_nothing_is_left_after_control_c_which_all_processes_get_twice() -> None:
    with lab() as running:
        assert [running.hear(), running.hear()] == ["begun", "built"]
        namespaces = running.namespaces()
        for _ in range(2):
            os.killpg(running.process.pid, signal.SIGINT)
        assert ended(running) == 130
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


@pytest.mark.parametrize("round_", range(4))
def test_nothing_is_left_after_being_killed_at_any_moment_and_the_next_works(round_: int) -> None:
    with lab() as running:
        namespaces = killed(running, signal.SIGKILL, round_)
        assert ended(running) == -signal.SIGKILL
        with lab("answer", "next.example") as following:
            following.say()
            assert [following.hear() for _ in range(3)] == ["begun", "built", "next.example"]
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("round_", range(2))
def test_nothing_is_left_after_a_request_to_end_at_any_moment(number: signal.Signals, round_: int) -> None:
    with lab() as running:
        namespaces = killed(running, number, round_)
        assert ended(running) in {130, -signal.SIGTERM}  # that of a process which has not heard of labs yet
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


def killed(running: Lab, number: signal.Signals, round_: int) -> set[int]:
    """End a lab while it builds, or soon after; tells which namespaces it had."""
    assert running.hear() == "begun"
    running.hear_within(random.Random(f"{number} {round_}").uniform(0, 0.6))
    namespaces = running.namespaces()
    running.process.send_signal(number)
    return namespaces


def test_nothing_is_left_when_the_first_process_of_the_lab_is_killed() -> None:
    with lab() as running:
        assert [running.hear(), running.hear()] == ["begun", "built"]
        namespaces = running.namespaces()
        (first,) = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
        os.kill(int(first), signal.SIGKILL)
        assert ended(running) == 1
        assert running.process.stderr
        assert "first process was killed" in running.process.stderr.read()
        until(lambda: running.is_gone(namespaces), "the lab to be gone")


def test_two_labs_with_the_same_nodes_work_side_by_side() -> None:
    with lab("answer", "one.example") as one, lab("answer", "two.example") as two:
        for running in (one, two):
            assert [running.hear(), running.hear()] == ["begun", "built"]
        assert one.namespaces().isdisjoint(two.namespaces())
        for running, name in ((two, "two.example"), (one, "one.example")):
            running.say()
            assert running.hear() == name
            assert ended(running) == 7


def test_what_a_life_returns_comes_out_of_it() -> None:
    assert world.live(lambda: 7) == 7


def test_what_a_life_raises_comes_out_of_it() -> None:
    def life() -> int:
        message = "filter of router: syntax error"
        raise InputError(message)

    with pytest.raises(InputError, match=r"^filter of router: syntax error$"):
        world.live(life)


class UnpackableError(Exception):
    """It can be packed, and then not be unpacked."""

    def __init__(self, *, word: str) -> None:
        super().__init__(word)


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    def life() -> int:
        raise UnpackableError(word="stuck")

    with pytest.raises(RuntimeError, match="UnpackableError: stuck"):
        world.live(life)


def test_a_life_has_a_world_of_its_own() -> None:
    def life() -> int:
        assert os.getpid() == 1
        assert not list(NAMESPACES.iterdir())
        (world.WORK / "word").write_text("kept")
        assert subprocess.run(["cat", world.WORK / "word"], capture_output=True, check=True).stdout == b"kept"
        hosts = world.WORK / "hosts"
        hosts.write_text("192.0.2.9 shadow.example\n")
        world.bind(hosts, Path("/etc/hosts"))
        assert Path("/etc/hosts").read_text() == "192.0.2.9 shadow.example\n"
        return 0

    before = traces()
    world.live(life)
    assert traces() == before


def test_later_children_of_this_process_are_in_its_own_pid_namespace() -> None:
    world.live(lambda: 0)
    child = subprocess.run(["readlink", "/proc/self/ns/pid"], capture_output=True, text=True, check=True).stdout.strip()
    assert child == str(own_pids())


def test_signals_mean_afterwards_what_they_meant_before() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    world.live(lambda: 0)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask


def test_a_request_to_end_while_the_lab_is_being_started_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = world._fork_into_new_pids
    children: list[int] = []

    def interrupted() -> int:
        os.kill(os.getpid(), signal.SIGINT)
        children.append(fork())
        return children[0]

    def life() -> int:
        signal.pause()
        return 0

    monkeypatch.setattr(world, "_fork_into_new_pids", interrupted)
    with pytest.raises(KeyboardInterrupt):
        world.live(life)
    with pytest.raises(ChildProcessError):  # there is none any more, nor one to be waited for
        os.waitpid(children[0], os.WNOHANG)


def test_a_request_to_end_is_obeyed_wherever_it_lands() -> None:
    """An exception would be swallowed here, as it is in a `__del__`."""

    def life() -> int:
        with contextlib.suppress(BaseException):
            os.kill(os.getpid(), signal.SIGINT)
        return 0

    with pytest.raises(KeyboardInterrupt):
        world.live(life)


WITHOUT_ROOT = """
import os, sys
from bothways.errors import MissingPermissionError
from bothways.lab.world import world
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    world.live(lambda: 0)
except MissingPermissionError as error:
    print(error)
    sys.exit(error.exit_status)
"""


def test_without_root_the_permission_is_named() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_ROOT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert "needs Linux and root; run it with sudo" in done.stdout


def refused(*calls: str) -> Callable[..., None]:
    """libc's, where some calls are not allowed, as in many containers."""
    allowed = world._call

    def call(function: str, *arguments: object) -> None:
        if function in calls:
            raise PermissionError(1, f"{function}: Operation not permitted")
        allowed(function, *arguments)

    return call


@pytest.mark.parametrize(("call", "says"), [("unshare", "namespaces"), ("mount", "mounts")])
def test_where_a_container_forbids_it_the_permission_is_named(
    monkeypatch: pytest.MonkeyPatch, call: str, says: str
) -> None:
    monkeypatch.setattr(world, "_call", refused(call))
    with pytest.raises(MissingPermissionError, match=f"{says} are not allowed here"):
        world.live(lambda: 0)
