import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.captures import is_capture, unreadable_reason
from tests.helpers import packets as p
from tests.helpers.readers import survey


@pytest.mark.parametrize(
    "capture",
    [
        p.pcap_file([]),
        p.pcap_file([], byte_order=">"),
        p.pcap_file([], nanoseconds=True),
        p.pcap_file([], modified=True, byte_order=">"),
        p.pcapng_file([]),
        p.pcapng_file([], byte_order=">"),
    ],
)
def test_content_tells_a_capture(capture: bytes) -> None:
    assert is_capture(capture[:16])
    assert unreadable_reason(capture[:16]) is None
    assert survey([capture], file="x").problems == ()


@pytest.mark.parametrize("head", [b"", b"\xd4\xc3\xb2", b"client.pcap\n", b"Start: 2026-01-01T00:00:00"])
def test_other_files_are_no_captures(head: bytes) -> None:
    assert not is_capture(head)
    assert unreadable_reason(head) is None
    (problem,) = survey([head], file="x").problems
    assert problem.says.startswith("nothing was read")


def test_a_compressed_capture_says_what_to_do() -> None:
    packed = gzip.compress(p.pcap_file([]))
    assert not is_capture(packed)
    assert unreadable_reason(packed[:16]) == "it is compressed with gzip: decompress it first"
    assert "decompress it first" in str(survey([packed], file="x").problems[0])


def test_zstd_and_other_capture_formats_are_recognised() -> None:
    assert "zstd" in str(unreadable_reason(b"\x28\xb5\x2f\xfd\x04"))
    assert "editcap" in str(unreadable_reason(b"snoop\0\0\0\0\0\0\2"))


@given(st.binary(max_size=20))
def test_a_file_is_either_readable_or_not(head: bytes) -> None:
    assert not (is_capture(head) and unreadable_reason(head))
