"""Pass one alone, as the host calls it: python -m bench.large.pass_one FILE prints its seconds, packets and rows."""

import json
import sys
import time

from bothways.captures.thinning import MANY
from bothways.evidence.case import Role
from bothways.host.capture_files import CaptureFile, first_pass
from bothways.host.found import find
from bothways.host.garbage import seldom_searched
from bothways.host.progress import silent


def main() -> None:
    files = [CaptureFile(found=found, role=Role()) for found in find(sys.argv[1:])]
    with seldom_searched():
        start = time.perf_counter()
        survey = first_pass(files, role=Role(), consecutive=True, report=silent, many=MANY).survey
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "packets": survey.packets, "rows": len(survey.rows)}))


if __name__ == "__main__":
    main()
