"""What a file holds, and the hash of the file as it lies there."""

import gzip
import hashlib
import lzma
from pathlib import Path

import pytest

from bothways.host import compression, opened
from bothways.host.found import Found
from bothways.host.opened import Stream, decoded, hash_of, hash_of_content, head_of, whole


def file(path: Path, data: bytes) -> Found:
    path.write_bytes(data)
    return Found(path=path, cited=path.name)


def test_a_stream_hands_out_what_is_compressed(tmp_path: Path) -> None:
    packed = gzip.compress(b"content" * 1000)
    found = file(tmp_path / "a.gz", packed)
    stream = Stream(found)
    assert b"".join(stream.chunks()) == b"content" * 1000
    assert (stream.packed, stream.problems) == (True, ())
    assert hash_of(found) == hashlib.sha256(packed).hexdigest()
    assert hash_of_content(found) == hashlib.sha256(b"content" * 1000).hexdigest()


def test_a_plain_file_is_its_own_content(tmp_path: Path) -> None:
    found = file(tmp_path / "a", b"content")
    stream = Stream(found)
    assert b"".join(stream.chunks()) == b"content"
    assert not stream.packed
    assert hash_of(found) == hash_of_content(found) == hashlib.sha256(b"content").hexdigest()


def test_what_is_gone_meanwhile_has_no_hash(tmp_path: Path) -> None:
    assert hash_of(Found(path=tmp_path / "gone", cited="gone")) == ""


def test_a_bomb_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_USUAL_MOST", 100_000)
    stream = Stream(file(tmp_path / "a.gz", gzip.compress(bytes(5_000_000))))
    assert sum(map(len, stream.chunks())) < 2_000_000
    assert "no more than" in stream.problems[0].says


def test_the_head_is_that_of_the_content(tmp_path: Path) -> None:
    assert head_of(file(tmp_path / "a", b"x" * 100)) == b"x" * 64
    assert head_of(file(tmp_path / "b.xz", lzma.compress(b"y" * 100))) == b"y" * 64
    assert head_of(file(tmp_path / "c.gz", gzip.compress(b"yes"))) == b"yes"
    assert head_of(file(tmp_path / "d.gz", b"\x1f\x8b broken")) == b""
    assert head_of(file(tmp_path / "e", b"")) == b""


def test_a_report_is_bounded_after_decompression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LARGEST_TEXT", 1000)
    assert whole(file(tmp_path / "a.gz", gzip.compress(b"x" * 1001))) is None
    held = whole(file(tmp_path / "b.gz", gzip.compress(b"x" * 1000)))
    assert held is not None
    assert (held.data, held.packed) == (b"x" * 1000, True)


def test_a_file_that_went_away_is_a_problem_of_the_stream(tmp_path: Path) -> None:
    stream = Stream(Found(path=tmp_path / "gone", cited="gone"))
    assert list(stream.chunks()) == []
    assert "no such file" in stream.problems[0].says


TRACED = "跟踪到 www.example.cn [192.0.2.1] 的路由:\r\n  1    <1 ms  192.0.2.1\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_decoded_in_whatever_unicode_form_it_lies_there(codec: str) -> None:
    assert decoded(TRACED.encode(codec)) == TRACED


@pytest.mark.parametrize("codec", ["gbk", "cp932", "cp866", "koi8-r", "cp437", "cp850", "cp1252"])
def test_of_an_older_code_page_the_ascii_part_is_right(codec: str) -> None:
    text = decoded("Größe Маршрут 路由 1    <1 ms  192.0.2.1\r\n".encode(codec, errors="ignore"))
    assert text is not None
    assert text.endswith("1    <1 ms  192.0.2.1\r\n")


def test_a_bottom_bit_that_mtr_prints_as_nul_makes_no_text_binary() -> None:
    assert decoded(b"[MPLS: Lbl 19 TC 0 S \0u TTL 1]\n") == "[MPLS: Lbl 19 TC 0 S 0 TTL 1]\n"


@pytest.mark.parametrize("data", [b"\0\1\2\xff" * 20, b"a\0\0b\xff", b"\xd4\xc3\xb2\xa1\2\0\4\0" + bytes(16)])
def test_bytes_are_no_text(data: bytes) -> None:
    assert decoded(data) is None
