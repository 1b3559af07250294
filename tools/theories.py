"""Writes docs/theories: a page per theory and the index, from what the theories' own files say.

python tools/theories.py
"""

from pathlib import Path

from bothways.report.theory_page import index, page
from bothways.theories.catalogue import THEORIES
from bothways.theories.explained import explanation

FOLDER = Path(__file__).parents[1] / "docs" / "theories"


def pages() -> dict[str, str]:
    """Every file of the folder with its text."""
    made = {f"{theory.id}.md": page(theory, explanation(theory)) for theory in THEORIES}
    return made | {"README.md": index(THEORIES)}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for file in FOLDER.glob("*.md"):
        if file.name not in made:
            file.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
