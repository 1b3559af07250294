"""What docs/dossier.md shows is what the code writes and reads."""

import json
import re
from pathlib import Path

from bothways.evidence.manifest import Manifest
from bothways.host.dossier import write_manifest
from bothways.states import check_log, manifest
from tests.helpers.repository import TOP

MANIFEST, LOG = re.findall(r"```json\n(.*?)```", (TOP / "docs" / "dossier.md").read_text(encoding="utf-8"), re.DOTALL)


def read() -> Manifest:
    reading = manifest.read(MANIFEST, file="manifest.json")
    assert not reading.problems
    return reading.content


def test_the_manifest_on_the_page_is_written_so(tmp_path: Path) -> None:
    shown = read()
    for listed in shown.files:
        (tmp_path / listed.name).write_bytes(b"")
    write_manifest(tmp_path, shown)
    written = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    hashes = dict.fromkeys(one["sha256"] for one in json.loads(written)["files"])
    expected = re.sub(r'"sha256": "[0-9a-f]+"', f'"sha256": "{next(iter(hashes))}"', MANIFEST)
    assert written == expected


def test_the_log_on_the_page_is_read_to_the_last_line() -> None:
    reading = check_log.read(LOG, file="check.jsonl")
    content = reading.content
    assert not reading.problems
    assert len(content.attempts.attempts) == len(content.sockets.sockets) == 1
    assert [[shot.ttl for shot in trace.shots] for trace in content.probes.traces] == [[1, 2]]
