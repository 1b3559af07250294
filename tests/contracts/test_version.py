import tomllib

import bothways
from tests.helpers.repository import TOP, pyproject


def test_the_version_is_the_same_everywhere() -> None:
    crate = tomllib.loads((TOP / "rust" / "Cargo.toml").read_text(encoding="utf-8"))
    assert bothways.__version__ == pyproject()["project"]["version"] == crate["package"]["version"]
