"""Path tools' output becomes evidence. One more format is one more file here and one more line below."""

from collections.abc import Callable

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.traces import (
    atlas,
    mtr_csv,
    mtr_json,
    mtr_raw,
    mtr_split,
    mtr_text,
    mtr_xml,
    net_connection,
    pathping,
    scamper_json,
    tracepath,
    traceroute_text,
    tracert,
    winmtr,
)

READERS: tuple[tuple[str, Callable[[str], bool], Callable[..., Reading[tuple[PathReport, ...]]]], ...] = (
    ("mtr report", mtr_text.recognises, mtr_text.read),
    ("mtr JSON", mtr_json.recognises, mtr_json.read),
    ("mtr CSV", mtr_csv.recognises, mtr_csv.read),
    ("mtr XML", mtr_xml.recognises, mtr_xml.read),
    ("mtr raw output", mtr_raw.recognises, mtr_raw.read),
    ("mtr split output", mtr_split.recognises, mtr_split.read),
    ("scamper JSON", scamper_json.recognises, scamper_json.read),
    ("RIPE Atlas result", atlas.recognises, atlas.read),
    ("tracepath", tracepath.recognises, tracepath.read),
    ("traceroute", traceroute_text.recognises, traceroute_text.read),
    ("tracert", tracert.recognises, tracert.read),
    ("pathping", pathping.recognises, pathping.read),
    ("Test-NetConnection", net_connection.recognises, net_connection.read),
    ("WinMTR", winmtr.recognises, winmtr.read),
)
"""Name for people, whether a text is of this kind, and `read(text, file=...)`."""
