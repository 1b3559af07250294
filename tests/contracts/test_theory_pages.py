"""The pages of docs/theories are what the theories' own files say."""

from tools import theories


def test_no_page_is_stale() -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in theories.FOLDER.iterdir()}
    assert written == theories.pages(), "run: .venv/bin/python tools/theories.py"


def test_every_page_can_be_found_from_the_index() -> None:
    pages = theories.pages()
    assert all(f"({name})" in pages["README.md"] for name in pages if name != "README.md")
