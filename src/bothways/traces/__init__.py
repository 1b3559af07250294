"""Path tools' output becomes evidence. One more format is one more file here and one more line below."""

from collections.abc import Callable

from bothways.evidence.path_report import PathReport
from bothways.evidence.reading import Reading
from bothways.traces import mtr_json, mtr_text, traceroute_text

READERS: tuple[tuple[str, Callable[[str], bool], Callable[..., Reading[tuple[PathReport, ...]]]], ...] = (
    ("mtr report", mtr_text.recognises, mtr_text.read),
    ("mtr JSON", mtr_json.recognises, mtr_json.read),
    ("traceroute", traceroute_text.recognises, traceroute_text.read),
)
"""Name for people, whether a text is of this kind, and `read(text, file=...)`."""
