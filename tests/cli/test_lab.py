"""`bothways lab` as its users call it."""

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from bothways.cli.start import run
from bothways.lab.recipes.catalogue import RECIPES
from bothways.lab.world.waiting import until

BOTHWAYS = (sys.executable, "-m", "bothways")

LITTLE = """
name = "little"

[[network.nodes]]
name = "client"
[[network.nodes]]
name = "router"
router = true
[[network.nodes]]
name = "server"

[[network.links]]
a = { node = "client", interface = "eth0", addresses = ["192.0.2.1/28"] }
b = { node = "router", interface = "eth0", addresses = ["192.0.2.2/28"] }
[[network.links]]
a = { node = "router", interface = "eth1", addresses = ["198.51.100.1/28"] }
b = { node = "server", interface = "eth0", addresses = ["198.51.100.2/28"] }
there = { latency_ms = 5 }

[[services]]
node = "server"
port = 80

[[visits]]
node = "client"
to = "198.51.100.2"
port = 80
expected = "done"
"""


def lab(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BOTHWAYS, "lab", *words], capture_output=True, text=True, check=False)


class Marked:
    """A lab all of whose processes can be found."""

    def __init__(self, *words: str) -> None:
        self.mark = f"BOTHWAYS_LAB_TEST={uuid.uuid4()}"
        key, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [*BOTHWAYS, "lab", *words], env={**os.environ, key: value}, stderr=subprocess.PIPE, text=True
        )

    def processes(self) -> set[int]:
        return {int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if self._has_mark(path)}

    def _has_mark(self, path: Path) -> bool:
        try:
            return self.mark.encode() in path.read_bytes()
        except OSError:  # gone meanwhile
            return False


def test_the_list_has_every_recipe_and_its_choices() -> None:
    listed = lab("list")
    assert listed.returncode == 0
    for recipe in RECIPES:
        assert f"{recipe.name} " in listed.stdout
    assert "--set answer=silent|reset|icmp" in listed.stdout
    assert not listed.stderr


def test_without_a_verb_the_verbs_are_listed_as_complaint() -> None:
    done = lab()
    assert done.returncode == 2
    assert "Commands:" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "nonsense", "--out", "OUT"), "there is no recipe 'nonsense'"),
        (("run", "healthy", "--out", "OUT", "--set", "shape=round"), "shape can be symmetric"),
        (("run", "healthy", "--out", "OUT", "--set", "shape"), "--set takes KEY=VALUE"),
        (("run", "healthy", "--out", "OUT", "--mended"), "nothing that could be mended"),
        (("run", "healthy"), "Missing option '--out'"),
        (("run", "/nonsense.toml", "--out", "OUT"), "cannot read /nonsense.toml: no such file"),
        (("up", "healthy", "--on", "nobody", "--", "true"), "there is no host 'nobody'"),
        (("up", "healthy"), "Missing argument"),
        (("all", "--out", "OUT", "--set", "colour=red"), "no recipe has a setting 'colour'"),
    ],
)
def test_a_wrong_call_is_explained(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = lab(*(str(tmp_path / "out") if word == "OUT" else word for word in words))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_scenario_is_explained_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(LITTLE.replace('to = "198.51.100.2"', 'to = "nowhere"'))
    done = lab("run", str(file), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "broken.toml" in done.stderr
    assert "visits" in done.stderr


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    done = lab("run", "healthy", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["precious"]


def test_what_is_shown_of_a_recipe_can_be_run_as_a_file(tmp_path: Path) -> None:
    shown = lab("show", "reply-lost", "--set", "how=filtered", "--seed", "5")
    assert shown.returncode == 0
    file = tmp_path / "mine.toml"
    file.write_text(shown.stdout)
    again = lab("show", str(file))
    assert again.stdout == shown.stdout


def test_without_root_the_lab_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert run(["lab", "up", "healthy", "--", "true"]) == 3
    assert "needs Linux and root" in capsys.readouterr().err


@pytest.mark.lab
def test_a_command_runs_on_a_host_of_the_network_with_its_own_status() -> None:
    page = 'curl -sk --max-time 5 "https://$SITE:$PORT/300" --resolve "$SITE:$PORT:$SERVER" | wc -c'
    script = f"{page}; getent hosts $SERVER; exit 9"
    done = lab("up", "healthy", "--set", "ip=6", "--", "sh", "-c", script)
    assert done.returncode == 9
    size, named = done.stdout.splitlines()
    assert size == "300"
    assert named.split()[1].endswith(".example")


def test_programs_that_are_missing_are_named_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["lab", "run", "healthy", "--out", str(tmp_path / "out")]) == 2
    assert "not installed: conntrack, curl, ip, mtr, mtr-packet, nft" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.lab
def test_in_a_busy_network_its_own_clients_hold_what_they_hold() -> None:
    script = "ss -Htn state established dst $MIRROR | wc -l; curl -sk -m 4 -o /dev/null http://$SERVER:$PORT/1; echo $?"
    idle, busy = (lab("up", "state-table-full", *more, "--", "sh", "-c", script) for more in ((), ("--busy",)))
    assert idle.stdout.split() == ["0", "0"], idle.stderr
    held, status = busy.stdout.split()
    assert int(held) >= 6
    assert status == "28"  # curl(1): the time-out was reached


@pytest.mark.lab
def test_the_status_of_a_command_is_not_taken_for_an_interrupt() -> None:
    done = lab("up", "healthy", "--", "sh", "-c", "exit 130")
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.lab
def test_an_interrupt_is_for_the_command_that_runs_in_a_network() -> None:
    script = 'trap "echo heard; exit 5" INT; echo up; while :; do sleep 0.05; done'
    command = [*BOTHWAYS, "lab", "up", "healthy", "--", "sh", "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "up\n"
        os.killpg(running.pid, signal.SIGINT)
        assert running.stdout.read() == "heard\n"
    assert running.returncode == 5


@pytest.mark.lab
def test_a_command_that_is_not_there_is_explained() -> None:
    done = lab("up", "healthy", "--", "no-such-program")
    assert done.returncode == 2
    assert "cannot start no-such-program" in done.stderr


@pytest.mark.lab
def test_a_file_of_ones_own_is_run(tmp_path: Path) -> None:
    file, out = tmp_path / "little.toml", tmp_path / "out"
    file.write_text(LITTLE)
    done = lab("run", str(file), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "truth.json").read_text())["scenario"] == "little"
    assert json.loads((out / "connections.log").read_text())["ended"] == "done"
    assert list(out.glob("*.pcap"))


@pytest.mark.lab
def test_a_run_that_comes_out_other_than_planned_proves_nothing_and_says_why(tmp_path: Path) -> None:
    file, out = tmp_path / "little.toml", tmp_path / "out"
    file.write_text(LITTLE.replace('expected = "done"', 'expected = "failed"'))
    done = lab("run", str(file), "--out", str(out))
    assert done.returncode == 4
    assert "was to be failed, and ended: done" in done.stderr
    assert (out / "connections.log").exists()
    assert not (out / "truth.json").exists()


@pytest.mark.lab
def test_an_interrupt_ends_a_run_and_leaves_nothing(tmp_path: Path) -> None:
    running = Marked("run", "asymmetric-bypass", "--out", str(tmp_path / "out"))
    until(lambda: len(running.processes()) > 5, "the witnesses to watch")
    running.process.send_signal(signal.SIGINT)
    _, said = running.process.communicate(timeout=20)
    assert running.process.returncode == 130
    assert said.splitlines()[-1] == "bothways: interrupted"
    until(lambda: not running.processes(), "all of its processes to end")


@pytest.mark.lab
@pytest.mark.parametrize("seed", range(4))
def test_a_run_that_was_killed_leaves_nothing_and_the_next_one_works(seed: int, tmp_path: Path) -> None:
    running = Marked("run", "asymmetric-bypass", "--out", str(tmp_path / "out"))
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(random.Random(seed).uniform(0.2, 4.0))
    running.process.kill()
    running.process.communicate()
    until(lambda: not running.processes(), "all of its processes to end")
    assert not (tmp_path / "out" / "truth.json").exists()
    assert lab("up", "asymmetric-bypass", "--", "true").returncode == 0


@pytest.mark.lab
def test_a_folder_is_one_runs_alone(tmp_path: Path) -> None:
    file = tmp_path / "little.toml"
    file.write_text(LITTLE)
    both = [Marked("run", str(file), "--out", str(tmp_path / "same")) for _ in range(2)]
    said = [running.process.communicate(timeout=60)[1] for running in both]
    assert sorted(running.process.returncode for running in both) == [0, 2], said
    assert "another run fills" in "".join(said)


@pytest.mark.lab
def test_two_labs_run_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "little.toml"
    file.write_text(LITTLE)
    both = [Marked("run", str(file), "--out", str(tmp_path / name)) for name in ("first", "second")]
    for running in both:
        _, said = running.process.communicate(timeout=60)
        assert running.process.returncode == 0, said
    assert (tmp_path / "first" / "truth.json").exists()
    assert (tmp_path / "second" / "truth.json").exists()
