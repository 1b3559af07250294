"""Pure folders reach the outside world in no way that the import linter cannot see."""

import re
from pathlib import Path

import pytest

from tests.helpers.purity import breaches
from tests.helpers.repository import SOURCE, modules, pyproject

OUTER_ROOMS = {"host", "lab", "check", "hunt", "audit", "listen", "watch", "cli"}
ENTRANCES = {"__main__.py"}


def law() -> list[dict[str, list[str] | str]]:
    contracts: list[dict[str, list[str] | str]] = pyproject()["tool"]["importlinter"]["contracts"]
    return contracts


def forbidden_modules() -> list[str]:
    (contract,) = (c for c in law() if str(c["name"]).startswith("Only the outer rooms"))
    return list(contract["forbidden_modules"])


def is_pure(path: Path) -> bool:
    room = path.relative_to(SOURCE).parts[0]
    return room not in OUTER_ROOMS | ENTRANCES


@pytest.mark.parametrize(
    "path", [path for path in modules() if is_pure(path)], ids=lambda path: str(path.relative_to(SOURCE))
)
def test_a_pure_module_stays_inside(path: Path) -> None:
    assert not list(breaches(path.read_text(encoding="utf-8"), forbidden_modules()))


def test_the_law_speaks_of_every_pure_room() -> None:
    """A new room is easily added to the map and forgotten in the list of those that may not look outside."""
    (contract,) = (c for c in law() if str(c["name"]).startswith("Only the outer rooms"))
    rooms = {
        f"bothways.{path.stem}"
        for path in SOURCE.iterdir()
        if path.stem not in OUTER_ROOMS and not path.name.startswith(("__", "."))
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(contract["source_modules"]) == rooms


@pytest.mark.parametrize(
    "source",
    [
        "open('x')",
        "print('x')",
        "input()",
        "exec('x')",
        "eval('x')",
        "compile('x', 'x', 'exec')",
        "breakpoint()",
        "__import__('os')",
        "list(map(print, [1]))",
        "say = print",
        "import builtins\nbuiltins.open('x')",
        "import gzip\ngzip.open('x')",
        "import gzip as g\ng.open('x')",
        "from gzip import open\nopen('x')",
        "from gzip import open as unpack\nunpack('x')",
        "import gzip\ngzip.GzipFile('x')",
        "import bz2\nbz2.open('x')",
        "import bz2\nbz2.BZ2File('x')",
        "import lzma\nlzma.open('x')",
        "import lzma\nlzma.LZMAFile('x')",
        "import zipfile\nzipfile.ZipFile('x')",
        "from zipfile import ZipFile\nZipFile(path)",
        "import tarfile\ntarfile.open('x')",
        "import io\nio.open('x')",
        "import codecs\ncodecs.open('x')",
        "path.read_text()",
        "path.read_bytes()",
        "path.write_text('x')",
        "path.write_bytes(b'x')",
        "path.open('x')",
        "(folder / 'x').open()",
        "folder().iterdir()",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime\ndatetime.now(tz=None)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as dt\ndt.date.today()",
        "from datetime import datetime as d\nclock = d.now",
        "from datetime import datetime\ndatetime.today()",
        "import time\ntime.time()",
        "import time as t\nt.monotonic()",
        "from time import monotonic\nmonotonic()",
        "def f():\n    import os\n    return os.environ",
        "import os.path",
        "from os import path",
        "from pathlib import Path",
        "import socket",
        "import subprocess as s",
        "import random",
        "import secrets",
        "import concurrent.futures",
        "import importlib\nimportlib.import_module('os')",
        "import uuid\nuuid.uuid4()",
        "import sys\nsys.stdout.write('x')",
        "import sys\nsys.exit(1)",
        "from sys import argv",
    ],
)
def test_a_way_out_is_seen(source: str) -> None:
    found = list(breaches(source, forbidden_modules()))
    assert found
    assert all(re.match(r"line \d+: \w", breach) for breach in found)


@pytest.mark.parametrize(
    "source",
    [
        "import re\nre.compile('x')",
        "from re import compile\ncompile('x')",
        "import zlib\nzlib.decompress(b'x')",
        "import gzip, io\ngzip.GzipFile(fileobj=io.BytesIO(b'x'))",
        "from io import BytesIO\nfrom zipfile import ZipFile\nZipFile(BytesIO(b'x'))",
        "from datetime import datetime\ndatetime.fromisoformat('x')",
        "import sys\nsys.maxsize",
        "from importlib.resources import files\nfiles('x').joinpath('y').read_text()",
        "from importlib import resources\n(resources.files('x') / 'y').read_text()",
        "def opened(reopen: bool) -> bool:\n    return reopen",
        "self.printer.show('x')",
        "times = record.time",
    ],
)
def test_pure_work_is_left_alone(source: str) -> None:
    assert not list(breaches(source, forbidden_modules()))


def test_the_law_and_this_test_agree_on_who_may_look_outside() -> None:
    pure = {str(name).removeprefix("bothways.") for c in law() for name in c.get("source_modules", ())}
    assert pure.isdisjoint(OUTER_ROOMS)
