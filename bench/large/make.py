"""Makes captures: python -m bench.large.make KIND... [--folder DIR] [--seed N]; without a KIND it lists them."""

import argparse
import sys
import time
from pathlib import Path

from bench.large import truth
from bench.large.kinds import KINDS, capture, usual_folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.large.make", description="Makes large captures.")
    parser.add_argument("kind", nargs="*", help="which")
    parser.add_argument("--folder", type=Path, default=usual_folder())
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.kind if name not in KINDS]
    if unknown or not arguments.kind:
        print("\n".join(f"{kind.name:9} {kind.says}" for kind in KINDS.values()))
        sys.exit(f"there is no kind {unknown[0]}" if unknown else 0)
    for name in arguments.kind:
        start = time.monotonic()
        try:
            path = capture(KINDS[name], arguments.folder, arguments.seed, lambda says: print(says, file=sys.stderr))
        except OSError as error:
            sys.exit(f"{name}: {error}")
        held = truth.read(path)
        print(
            f"{path}: {held.packets:,} packets, {held.size / 1e9:.2f} GB, {held.connections:,} connections, "
            f"{held.failed.total():,} failed; {time.monotonic() - start:.0f} s"
        )


if __name__ == "__main__":
    main()
