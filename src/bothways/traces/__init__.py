"""Path tools' output becomes evidence. One more format is one more file here and one more line below."""

from collections.abc import Callable

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.traces import (
    atlas,
    cloudflare,
    dublin_json,
    globalping,
    mikrotik,
    mtr_csv,
    mtr_json,
    mtr_raw,
    mtr_split,
    mtr_text,
    mtr_xml,
    net_connection,
    nexttrace_json,
    paris_json,
    pathping,
    pscheduler_json,
    scamper_json,
    tracepath,
    traceroute_text,
    tracert,
    trippy_json,
    trippy_table,
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
    ("Globalping result", globalping.recognises, globalping.read),
    ("Trippy JSON", trippy_json.recognises, trippy_json.read),
    ("dublin-traceroute JSON", dublin_json.recognises, dublin_json.read),
    ("paris-traceroute JSON", paris_json.recognises, paris_json.read),
    ("NextTrace JSON", nexttrace_json.recognises, nexttrace_json.read),
    ("perfSONAR trace", pscheduler_json.recognises, pscheduler_json.read),
    ("Cloudflare traceroute", cloudflare.recognises, cloudflare.read),
    ("tracepath", tracepath.recognises, tracepath.read),
    ("traceroute", traceroute_text.recognises, traceroute_text.read),
    ("tracert", tracert.recognises, tracert.read),
    ("pathping", pathping.recognises, pathping.read),
    ("Test-NetConnection", net_connection.recognises, net_connection.read),
    ("Trippy table", trippy_table.recognises, trippy_table.read),
    ("MikroTik traceroute", mikrotik.recognises, mikrotik.read),
    ("WinMTR", winmtr.recognises, winmtr.read),
)
"""Name for people, whether a text is of this kind, and `read(text, file=...)`."""
