"""Holds the demonstration to its answer: the campus example is confirmed as an asymmetric bypass, exit status 1."""

import json
import sys
from pathlib import Path

status, document = sys.argv[1:]
verdict = json.loads(Path(document).read_text(encoding="utf-8"))["verdict"]
said = (int(status), verdict["theory"], verdict["standing"])
print(*said)
if said != (1, "asymmetric-bypass", "confirmed"):
    sys.exit(f"expected exit status 1 with asymmetric-bypass confirmed: {verdict['summary']}")
