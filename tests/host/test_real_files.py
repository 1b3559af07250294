"""Files as real programs write and compress them read like the capture that they were made from."""

import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from bothways.evidence.capture import ConnectionRow, Survey
from bothways.evidence.case import Case
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers import packets as p
from tests.helpers.conversation import START
from tests.helpers.repository import TOP

pytestmark = pytest.mark.oracle

CLIENT = TOP / "tests/cases/asymmetric-bypass/asymmetric-bypass/client.pcap"


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed (packages.txt): {', '.join(missing)}")


def gathered(*paths: Path) -> Case:
    return gather([str(path) for path in paths], said=word([], []))


def surveyed(*paths: Path) -> Survey:
    (capture,) = gathered(*paths).captures
    return capture.survey


def run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def coarse(rows: tuple[ConnectionRow, ...]) -> list[ConnectionRow]:
    """*rows* without frames, as far as microseconds tell them."""
    return [
        replace(
            row,
            first_frame=0,
            part=0,
        )
        for row in rows
    ]


@needs("editcap")
@pytest.mark.parametrize("form", ["pcap", "pcapng", "nsecpcap", "modpcap"])
@pytest.mark.parametrize(
    ("packer", "suffix"),
    [("", ""), ("gzip", ".gz"), ("bzip2", ".bz2"), ("xz", ".xz"), ("zstd -q --rm", ".zst"), ("xz -F lzma", ".lzma")],
)
def test_every_container_and_compression_agrees(form: str, packer: str, suffix: str, tmp_path: Path) -> None:
    made = tmp_path / "client.pcap"
    run("editcap", "-F", form, CLIENT, made)
    if packer:
        if shutil.which(packer.split(maxsplit=1)[0]) is None:
            pytest.skip(f"not installed (packages.txt): {packer.split(maxsplit=1)[0]}")
        run(*packer.split(), made)
    found, expected = surveyed(tmp_path / f"client.pcap{suffix}"), surveyed(CLIENT)
    assert (found.packets, found.first, found.last, found.problems) == (
        expected.packets,
        expected.first,
        expected.last,
        (),
    )
    assert found.rows == expected.rows


@needs("editcap")
@pytest.mark.parametrize("split", [("-c", "7"), ("-i", "5")])
def test_what_editcap_splits_is_one_capture(split: tuple[str, str], tmp_path: Path) -> None:
    run("editcap", *split, CLIENT, tmp_path / "client.pcapng")
    assert len(list(tmp_path.iterdir())) > 3
    found = surveyed(tmp_path)
    assert coarse(found.rows) == coarse(surveyed(CLIENT).rows)
    assert len(found.parts) == len(list(tmp_path.iterdir()))


@needs("tcpdump")
@pytest.mark.parametrize("ring", [(), ("-W", "12")])
def test_what_tcpdump_splits_is_one_capture(ring: tuple[str, ...], tmp_path: Path) -> None:
    frames = [p.tcp_frame("10.0.0.1", "192.0.2.2", 40_000, 443, seq=1400 * n, payload=bytes(1400)) for n in range(2000)]
    whole = tmp_path / "whole.pcap"
    whole.write_bytes(p.pcap_file([p.Packet(at=START + n * 10**6, frame=frame) for n, frame in enumerate(frames)]))
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    # As root tcpdump would write as another user, who may not.
    run("tcpdump", "-r", whole, "-w", pieces / "client.pcap", "-C", "1", *ring, "-Z", "root")
    found = surveyed(pieces)
    assert len(found.parts) == len(list(pieces.iterdir())) > 1
    assert (found.packets, coarse(found.rows)) == (2000, coarse(surveyed(whole).rows))


@needs("tshark")
def test_what_tshark_takes_apart_by_way_is_one_capture(tmp_path: Path) -> None:
    for name, wanted in (
        ("client-tx.pcapng", "ip.src == 10.65.238.0/24"),
        ("client-rx.pcapng", "ip.dst == 10.65.238.0/24"),
    ):
        run("tshark", "-r", CLIENT, "-Y", wanted, "-w", tmp_path / name)
    found = surveyed(tmp_path)
    assert found.parts == ("client-tx.pcapng", "client-rx.pcapng")
    assert coarse(found.rows) == coarse(surveyed(CLIENT).rows)


@needs("mergecap", "editcap")
def test_sections_and_interfaces_of_mergecap_are_read(tmp_path: Path) -> None:
    server = CLIENT.with_name("server.pcap")
    merged = tmp_path / "merged.pcapng"
    run("mergecap", "-I", "none", "-w", merged, CLIENT, server)
    found = surveyed(merged)
    assert found.packets == surveyed(CLIENT).packets + surveyed(server).packets
    joined = tmp_path / "joined.pcapng"
    run("editcap", CLIENT, tmp_path / "a.pcapng")
    run("editcap", server, tmp_path / "b.pcapng")
    joined.write_bytes((tmp_path / "a.pcapng").read_bytes() + (tmp_path / "b.pcapng").read_bytes())
    assert (surveyed(joined).packets, surveyed(joined).problems) == (found.packets, ())


@needs("editcap")
def test_secrets_in_a_capture_are_skipped(tmp_path: Path) -> None:
    secrets = tmp_path / "keys.txt"
    secrets.write_text(f"CLIENT_RANDOM {'00' * 32} {'11' * 48}\n" * 8000)
    run("editcap", "--inject-secrets", f"tls,{secrets}", CLIENT, tmp_path / "client.pcapng")
    assert (tmp_path / "client.pcapng").stat().st_size > 1 << 20
    found = surveyed(tmp_path / "client.pcapng")
    assert (found.packets, found.problems) == (surveyed(CLIENT).packets, ())


@needs("tshark")
def test_names_that_tshark_wrote_down_are_read(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("203.0.113.2 fonts.written-down.example\n")
    # It writes down the names that it needed for what it prints.
    run("tshark", "-r", CLIENT, "-H", hosts, "-N", "n", "-W", "n", "-V", "-w", tmp_path / "client.pcapng")
    assert dict(surveyed(tmp_path / "client.pcapng").names)["203.0.113.2"] == "fonts.written-down.example"
