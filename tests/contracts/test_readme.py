"""README shows what the demonstration really prints."""

from tests.helpers.repository import TOP
from tools import readme


def test_readme_shows_what_the_demonstration_prints() -> None:
    shown = readme.page()
    assert "asymmetric-bypass): confirmed" in shown
    assert readme.block(shown) in (TOP / "README.md").read_text(encoding="utf-8"), (
        "run: .venv/bin/python tools/readme.py"
    )
