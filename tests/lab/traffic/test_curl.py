"""How curl is called, and what is made of what it says."""

import os
from pathlib import Path

import pytest

from bothways.evidence.attempt import Outcome as Told
from bothways.lab.traffic import curl
from bothways.lab.traffic.curl import Report
from bothways.lab.traffic.outcomes import Ended
from bothways.states import curl_log
from tests.lab.traffic.pair import visit


def words(**more: object) -> str:
    return " ".join(curl.words(visit(**more), 61000, None))


def test_a_name_is_resolved_by_the_call_itself() -> None:
    assert words(name="a.example", port=8080, size=5, patience_s=2.5) == (
        "curl -v --http1.1 --max-time 2.5 --local-port 61000 --resolve a.example:8080:192.0.2.2 http://a.example:8080/5"
    )


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert words(to="2001:db8::2", port=8080).endswith(" http://[2001:db8::2]:8080/2000")
    assert " --resolve a.example:80:[2001:db8::2] http://a.example/" in words(to="2001:db8::2", name="a.example")


@pytest.mark.parametrize(
    ("port", "tls", "url"),
    [
        (80, False, "http://192.0.2.2/2000"),
        (443, True, "https://192.0.2.2/2000"),
        (443, False, "http://192.0.2.2:443/2000"),
        (80, True, "https://192.0.2.2:80/2000"),
    ],
)
def test_a_port_is_said_unless_it_is_the_usual_one(port: int, tls: bool, url: str) -> None:  # noqa: FBT001 - a case
    assert curl.words(visit(port=port, tls=tls), 61000, None)[-1] == url


def test_the_servers_certificate_is_believed() -> None:
    assert "-k" in curl.words(visit(tls=True), 61000, None)
    assert "-k" not in curl.words(visit(), 61000, None)


def test_an_upload_sends_the_file_without_asking_first() -> None:
    called = curl.words(visit("upload"), 61000, Path("/work/file"))
    assert called[-5:] == ["-H", "Expect:", "--data-binary", "@/work/file", "http://192.0.2.2/upload"]


def test_nothing_of_the_machines_own_settings_counts() -> None:
    called = curl.command(visit(), 61000, None)
    assert called[:2] == ["curl", "--disable"]
    assert called[called.index("--noproxy") + 1] == "*"


CALLED = "$ curl -v --http1.1 --max-time 9"
SAID = """\
*   Trying 192.0.2.2:80...
* Local port: 61000
* connect to 192.0.2.2 port 80 failed: Connection refused
* Failed to connect to 192.0.2.2 port 80 after 0 ms: Couldn't connect to server
* Closing connection 0
curl: (7) Failed to connect to 192.0.2.2 port 80 after 0 ms: Couldn't connect to server
"""


def test_the_log_shows_the_call_as_a_person_would_make_it_and_is_understood() -> None:
    entries = [
        curl.log_entry(visit(), 61000, SAID, 7),
        curl.log_entry(visit("upload", size=77, port=8080), 61001, "", -15),
        curl.log_entry(visit(), 61002, "*   Trying 192.0.2.2:80...", 28),
    ]
    assert entries == [
        f"{CALLED} --local-port 61000 http://192.0.2.2/2000\n{SAID}[exit 7]\n\n",
        f"{CALLED} --local-port 61001 -H Expect: --data-binary @77.bytes http://192.0.2.2:8080/upload\n[exit 143]\n\n",
        f"{CALLED} --local-port 61002 http://192.0.2.2/2000\n*   Trying 192.0.2.2:80...\n[exit 28]\n\n",
    ]
    log = curl_log.read("".join(entries), file="curl.log").content
    assert [(one.line, one.outcome) for one in log.attempts] == [
        (2, Told.REFUSED),
        (10, Told.UNKNOWN),
        (14, Told.NO_CONNECTION),
    ]


@pytest.mark.parametrize(
    ("status", "said", "ended"),
    [
        (7, SAID, "refused"),
        (7, "* connect to 192.0.2.2 port 80 failed: No route to host", "unreachable"),
        (7, "* connect to 2001:db8::2 port 80 failed: Permission denied", "unreachable"),
        (7, "* Immediate connect fail for 192.0.2.2: Network is unreachable", "unreachable"),
        (7, "* connect to 192.0.2.2 port 80 failed: Connection timed out", "timed out"),
        (28, "* Connection timed out after 9001 milliseconds", "timed out"),
        (28, "* Operation timed out after 9001 milliseconds with 0 bytes received", "timed out"),
        (35, "* OpenSSL SSL_connect: Connection reset by peer in connection to a.example:443 ", "reset"),
        (35, "* OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to a.example:443 ", "closed"),
        (56, "* OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104", "reset"),
        (55, "* Send failure: Broken pipe", "reset"),
        (56, "* Recv failure: Connection reset by peer", "reset"),
        (52, "* Empty reply from server", "closed"),
        (18, "* transfer closed with 10 bytes remaining to read", "closed"),
        (1, "* Received HTTP/0.9 when not allowed", "failed"),
        (-15, "", "unfinished"),
    ],
)
def test_curls_end_is_called_as_a_sockets_would_be(status: int, said: str, ended: Ended) -> None:
    assert curl.ended(visit(), status, said, Report()) == ended


@pytest.mark.parametrize(
    ("does", "code", "size", "ended"),
    [
        ("get", 200, 2000, "done"),
        ("get", 200, 1999, "failed"),
        ("get", 404, 2000, "failed"),
        ("upload", 200, 5, "done"),
        ("upload", 411, 5, "failed"),
    ],
)
def test_only_the_answer_that_was_asked_for_is_work_done(does: str, code: int, size: int, ended: Ended) -> None:
    assert curl.ended(visit(does), os.EX_OK, "", Report(http_code=code, size_download=size)) == ended


def test_a_report_is_read_and_none_is_all_zero() -> None:
    assert curl.report_of(b'{"http_code":200,"size_download":3,"url":"x","time_total":0.5}') == Report(
        http_code=200, size_download=3, time_total=0.5
    )
    assert curl.report_of(b"") == Report()
