"""Copies every capture of the project into a folder, each content once: what the kernel's fuzzing starts from.

python tools/fuzz_seeds.py FOLDER
"""

import hashlib
import sys
from pathlib import Path

from bothways.captures import is_capture

TOP = Path(__file__).parents[1]
LARGEST = 100_000
"""Bytes. What is larger shows nothing that smaller ones do not, and takes the time of many."""


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(path for top in ("tests", "examples") for path in (TOP / top).rglob("*") if path.is_file()):
        if path.stat().st_size <= LARGEST and is_capture(path.read_bytes()):
            data = path.read_bytes()
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    main()
