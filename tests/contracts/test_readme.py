"""The documentation shows what the programs really print."""

import pytest

from tools import readme


@pytest.mark.parametrize("block", readme.BLOCKS, ids=lambda block: block.mark)
def test_a_page_shows_what_its_command_prints(block: readme.Block) -> None:
    assert block.text() in block.page.read_text(encoding="utf-8"), "run: .venv/bin/python tools/readme.py"


def test_readme_shows_a_verdict_that_is_confirmed() -> None:
    assert "asymmetric-bypass): confirmed" in readme.DEMO.printed()
