"""`curl -v` in the wordings of 7.21 to 8.17 (curl(1), `--verbose`; the sentences stand in lib/ of curl's source)."""

import pytest
from hypothesis import given

from bothways.evidence.attempt import Attempt, Outcome
from bothways.states import curl_log
from tests.helpers.mangled import mangled

STALLED = """$ curl -v https://www.example.com/ --resolve www.example.com:443:192.0.2.9
* Added www.example.com:443:192.0.2.9 to DNS cache
*   Trying 192.0.2.9:443...
* Connected to www.example.com (192.0.2.9) port 443 (#0)
* ALPN: offers h2,http/1.1
} [5 bytes data]
* TLSv1.3 (OUT), TLS handshake, Client hello (1):
} [512 bytes data]
* Connection timed out after 9001 milliseconds
* Closing connection 0
[exit 28]
"""
NO_CONNECTION = """*   Trying [2001:db8::9]:443...
* Connection timed out after 9001 milliseconds
* Closing connection
curl: (28) Connection timed out after 9001 milliseconds
"""
ANSWERED = """* Host www.example.com:443 was resolved.
*   Trying 192.0.2.9:443...
* ALPN: curl offers h2,http/1.1
* TLSv1.3 (OUT), TLS handshake, Client hello (1):
* TLSv1.3 (IN), TLS handshake, Server hello (2):
* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS
* Established connection to www.example.com (192.0.2.9 port 443) from 10.0.0.2 port 52712
> GET / HTTP/2
> Host: www.example.com
>
< HTTP/2 200
< content-length: 3
<
hi
* Connection #0 to host www.example.com:443 left intact
"""
RACE = """*   Trying [2001:db8::9]:80...
* Immediate connect fail for 2001:db8::9: Network is unreachable
*   Trying 192.0.2.8:80...
*   Trying 192.0.2.9:80...
* connect to 192.0.2.8 port 80 from 10.0.0.2 port 5000 failed: Connection refused
* Connected to www.example.com (192.0.2.9) port 80
> GET / HTTP/1.1
> Host: www.example.com
>
* Empty reply from server
* shutting down connection #0
curl: (52) Empty reply from server
"""
SAMPLES = (STALLED, NO_CONNECTION, ANSWERED, RACE)


def attempts(text: str) -> tuple[Attempt, ...]:
    reading = curl_log.read(text, file="x")
    assert not reading.problems
    return reading.content.attempts


def one(text: str) -> Attempt:
    (attempt,) = attempts(text)
    return attempt


def connected(*says: str, scheme: str = "https") -> str:
    port = {"https": 443, "http": 80}[scheme]
    first = (f"  Trying 192.0.2.9:{port}...", f"Connected to x (192.0.2.9) port {port} (#0)")
    return "\n".join(f"* {one}" for one in (*first, *says))


@pytest.mark.parametrize("text", [*SAMPLES, "$ curl x.example", "curl: (7) Failed to connect"])
def test_its_own_logs_are_recognised(text: str) -> None:
    assert curl_log.recognises("\ufeffsomething else\r\n\r\n" + text.replace("\n", "\r\n"))


def test_a_timeout_after_the_connection_is_a_stall() -> None:
    """curl says "Connection timed out" as long as TLS is not done."""
    attempt = one(STALLED)
    assert attempt.outcome is Outcome.STALLED
    assert (attempt.name, attempt.address, attempt.port) == ("www.example.com", "192.0.2.9", 443)
    assert (attempt.scheme, attempt.line, attempt.outcome_line) == ("https", 3, 9)
    assert (attempt.client_hello_sent, attempt.tls_answered, attempt.took) == (True, False, 9_001_000_000)


def test_a_timeout_before_it_is_no_connection() -> None:
    attempt = one(NO_CONNECTION)
    assert (attempt.outcome, attempt.address, attempt.outcome_line) == (Outcome.NO_CONNECTION, "2001:db8::9", 2)


def test_a_client_hello_proves_a_connection_before_curl_says_connected() -> None:
    """Since 8.11 "Connected to" comes after TLS, so it never comes where TLS stalls."""
    text = "\n".join(line for line in STALLED.splitlines() if "Connected" not in line)
    assert one(text).outcome is Outcome.STALLED


def test_an_answer_is_an_answer() -> None:
    attempt = one(ANSWERED)
    assert (attempt.outcome, attempt.status, attempt.tls_answered) == (Outcome.ANSWERED, 200, True)
    assert (attempt.name, attempt.scheme, attempt.outcome_line) == ("www.example.com", "https", 11)


def test_each_address_of_a_race_has_its_own_outcome() -> None:
    six, eight, nine = attempts(RACE)
    assert (six.outcome, six.outcome_line) == (Outcome.UNKNOWN, 2)
    assert (eight.outcome, eight.outcome_line) == (Outcome.REFUSED, 5)
    assert (nine.outcome, nine.scheme) == (Outcome.CLOSED, "http")


def test_what_no_packet_left_for_is_a_failure_where_nothing_else_was_reached() -> None:
    text = (
        RACE.partition("*   Trying 192.0.2.8")[0] + "curl: (7) Failed to connect to x port 80: Network is unreachable\n"
    )
    assert [attempt.outcome for attempt in attempts(text)] == [Outcome.UNREACHABLE]


def test_the_loser_of_a_race_is_unknown() -> None:
    text = RACE.replace("* connect to 192.0.2.8 port 80 from 10.0.0.2 port 5000 failed: Connection refused\n", "")
    assert [attempt.outcome for attempt in attempts(text)][1] is Outcome.UNKNOWN


def test_a_connection_to_one_of_several_is_said_to_be_ambiguous() -> None:
    text = STALLED.replace("* Connected to www.example.com (192.0.2.9) port 443 (#0)", "*   Trying 192.0.2.8:443...")
    reading = curl_log.read(text, file="x")
    assert [attempt.outcome for attempt in reading.content.attempts] == [Outcome.UNKNOWN] * 2
    assert "which one connected" in reading.problems[0].says


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("Recv failure: Connection reset by peer", Outcome.RESET),
        ("Recv failure: Connection was reset", Outcome.RESET),
        ("OpenSSL SSL_connect: Connection reset by peer in connection to x:443 ", Outcome.RESET),
        ("OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104", Outcome.RESET),
        ("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:443 ", Outcome.CLOSED),
        ("TLS connect error: error:0A000126:SSL routines::unexpected eof while reading", Outcome.CLOSED),
        ("Empty reply from server", Outcome.CLOSED),
        ("Operation timed out after 9000 milliseconds with 0 bytes received", Outcome.STALLED),
        ("Recv failure: Operation timed out", Outcome.STALLED),
        ("SSL connection timeout", Outcome.STALLED),
        ("SSL certificate problem: self-signed certificate", Outcome.ANSWERED),
        ("TLSv1.3 (IN), TLS alert, unrecognized name (368):", Outcome.ANSWERED),
        ("TLSv1.3 (IN), TLS alert, close notify (256):", Outcome.UNKNOWN),
        ("something new", Outcome.UNKNOWN),
    ],
)
def test_sentences_after_the_connection(says: str, outcome: Outcome) -> None:
    assert one(connected(says)).outcome is outcome


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("connect to 192.0.2.9 port 443 failed: Connection refused", Outcome.REFUSED),
        ("connect to 192.0.2.9 port 443 failed: No route to host", Outcome.UNREACHABLE),
        ("connect to 192.0.2.9 port 443 failed: Connection timed out", Outcome.NO_CONNECTION),
        ("connect to 192.0.2.9 port 443 failed: Permission denied", Outcome.UNKNOWN),
        ("192.0.2.9 connect timeout after 150000ms, move on!", Outcome.NO_CONNECTION),
        ("Failed to connect to x port 443 after 31 ms: Connection refused", Outcome.REFUSED),
        ("Failed to connect to x:443 after 31 ms: Network is unreachable", Outcome.UNREACHABLE),
        ("Failed to connect to x port 443 after 31 ms: Couldn't connect to server", Outcome.UNKNOWN),
        ("Connection timeout after 3000 ms", Outcome.NO_CONNECTION),
        ("Recv failure: Connection reset by peer", Outcome.RESET),
    ],
)
def test_sentences_before_the_connection(says: str, outcome: Outcome) -> None:
    assert one(f"*   Trying 192.0.2.9:443...\n* {says}\n").outcome is outcome


def test_half_an_answer_is_a_stall() -> None:
    text = ANSWERED.replace(
        "* Connection #0", "* Operation timed out after 9001 milliseconds with 2 bytes received\n* #0"
    )
    attempt = one(text)
    assert (attempt.outcome, attempt.status, attempt.took) == (Outcome.STALLED, 200, 9_001_000_000)


def test_a_log_that_ends_early_is_unknown() -> None:
    attempt = one("\n".join(STALLED.splitlines()[:8]))
    assert (attempt.outcome, attempt.outcome_line) == (Outcome.UNKNOWN, 4)


@pytest.mark.parametrize(("code", "outcome"), [(28, Outcome.STALLED), (52, Outcome.CLOSED), (0, Outcome.ANSWERED)])
def test_an_exit_code_stands_in_for_a_sentence(code: int, outcome: Outcome) -> None:
    assert one(connected() + f"\n[exit {code}]\n").outcome is outcome


def test_a_failed_lookup_has_no_address() -> None:
    text = "$ curl -v https://nowhere.example:8443/\n* Could not resolve host: nowhere.example\n[exit 6]\n"
    attempt = one(text)
    assert (attempt.address, attempt.name, attempt.port) == (None, "nowhere.example", 8443)
    assert (attempt.outcome, attempt.outcome_line) == (Outcome.UNKNOWN, 2)


def test_without_a_verbose_log_a_timeout_tells_nothing() -> None:
    text = "curl: (28) Connection timed out after 9001 milliseconds\n"
    assert one(text).outcome is Outcome.UNKNOWN


def test_a_proxy_that_agrees_is_not_the_answer() -> None:
    text = connected(scheme="http") + (
        "\n> CONNECT x:443 HTTP/1.1\n>\n< HTTP/1.1 200 Connection established\n<\n"
        "* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* Connection timed out after 9001 milliseconds\n"
    )
    attempt = one(text)
    assert (attempt.outcome, attempt.status) == (Outcome.STALLED, None)


def test_old_logs_without_ports_are_read() -> None:
    text = "$ curl -v http://www.example.com/\n*   Trying 192.0.2.9... connected\n"
    text += "> GET / HTTP/1.1\n>\n< HTTP/1.1 100 Continue\n<\n"
    attempt = one(text + "< HTTP/1.0 404 Not Found\n")
    assert (attempt.port, attempt.status, attempt.outcome) == (80, 404, Outcome.ANSWERED)


def test_runs_follow_one_another_with_and_without_prompts() -> None:
    outcomes = [attempt.outcome for attempt in attempts(STALLED + "\n" + NO_CONNECTION + ANSWERED + STALLED + RACE)]
    assert outcomes == [
        Outcome.STALLED,
        Outcome.NO_CONNECTION,
        Outcome.ANSWERED,
        Outcome.STALLED,
        Outcome.UNKNOWN,
        Outcome.REFUSED,
        Outcome.CLOSED,
    ]


def test_a_second_request_on_the_same_connection_can_still_stall() -> None:
    text = ANSWERED + (
        "* Re-using existing https: connection with host www.example.com\n> GET /2 HTTP/2\n>\n"
        "* Operation timed out after 9000 milliseconds with 0 bytes received\n"
    )
    assert one(text).outcome is Outcome.STALLED


def test_an_empty_log_is_a_problem() -> None:
    assert "no attempt" in curl_log.read("", file="x").problems[0].says


@given(mangled(*SAMPLES))
def test_nothing_makes_it_fall(text: str) -> None:
    curl_log.recognises(text)
    reading = curl_log.read(text, file="x")
    assert len(reading.problems) <= 20
    assert all(attempt.name is None or attempt.name.isprintable() for attempt in reading.content.attempts)
