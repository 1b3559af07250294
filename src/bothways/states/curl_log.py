"""Logs of `curl -v`, one run or many, with or without the prompts and exit codes between them (curl(1), `--verbose`).

Lines that curl did not mark with `*`, `>` or `<` are somebody else's - the body of the answer, a progress meter,
another program - and are passed over.
"""

import re

from msgspec import Struct, field

from bothways.evidence.attempt import Attempt, AttemptLog, Outcome
from bothways.evidence.reading import Reading
from bothways.evidence.report_lines import Line, ProblemList, address_in, head, lines, prompted
from bothways.states import curl_sentences
from bothways.states.curl_race import Race, Try
from bothways.states.curl_sentences import End

_MARKED = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[\d+-\d+\] )?(?P<mark>[*<>])(?: (?P<says>.*)|)", re.ASCII)
_ERROR = re.compile(r"curl: \((?P<code>\d{1,3})\) (?P<says>.*)", re.ASCII)
_EXIT = re.compile(r"\[exit (?P<code>\d{1,3})\]", re.ASCII)
_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?:[^@/\s]*@)?"
    r"(?P<host>\[[^\]]*\]|[^/:?#\s]+)(?::(?P<port>\d{1,5}))?.*",
    re.ASCII,
)
_TRYING = re.compile(
    r"\s*Trying (?:\[(?P<v6>[^\]]*)\]|(?P<other>[^\s\]]+?))(?::(?P<port>\d{1,5}))?\.\.\.(?P<rest>.*)", re.ASCII
)
_CONNECTED = re.compile(
    r"(?:Connected|Established connection) to (?P<name>\S+) "
    r"\((?P<address>\S+?)(?: port (?P<inner>\d{1,5}))?\)(?: port (?P<port>\d{1,5}))?.*",
    re.ASCII,
)
_FAILED = re.compile(
    r"connect to (?P<address>\S+) port (?P<port>\d{1,5})(?: from \S+ port \d+)? failed: (?P<reason>.*)", re.ASCII
)
_IMMEDIATE = re.compile(r"Immediate connect fail for (?P<address>\S+): (?P<reason>.*)")
_MOVED_ON = re.compile(r"(?P<address>\S+) connect timeout after \d+ ?ms, move on!")
_GAVE_UP = re.compile(r"Failed to connect to \S+.*?: (?P<reason>[^:]*)")
_NAMED = re.compile(r"(?:Hostname (?P<one>\S+) was found in DNS cache|Host (?P<two>\S+?)(?::\d+)? was resolved.*)")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? (?P<status>\d{3})\b.*", re.ASCII)
_DONE = re.compile(r"(?:Closing connection|shutting down connection|Connection #\d+ to host .* left intact)")
_REUSED = re.compile(r"Re-?using existing .*connection", re.IGNORECASE)
_TLS_IN = re.compile(r"\S+ \(IN\), TLS |SSL connection using |Server certificate:")
_HELLO = re.compile(r"\S+ \(OUT\), TLS handshake, Client hello")
_OFFER = re.compile(r"ALPN[:,] (?:curl )?offer")
_ALERT = re.compile(r"\S+ \(IN\), TLS alert, (?!close notify)")


def recognises(text: str) -> bool:
    """Whether *text* holds words that only curl says, or a call of it."""
    for line in head(text):
        marked = _MARKED.fullmatch(line)
        says = marked["says"] or "" if marked and marked["mark"] == "*" else ""
        if _TRYING.fullmatch(says) or _CONNECTED.fullmatch(says) or _NAMED.fullmatch(says):
            return True
        if _ERROR.fullmatch(line) or prompted(line, "curl"):
            return True
    return False


def read(text: str, *, file: str) -> Reading[AttemptLog]:
    """All attempts in *text*, in the order in which they started."""
    problems = ProblemList()
    reader = _Reader(problems=problems)
    for line in lines(text):
        reader.take(line)
    reader.close()
    if not reader.attempts:
        problems.add("no attempt of curl to connect was found", None)
    return Reading(content=AttemptLog(file=file, attempts=tuple(reader.attempts)), problems=problems.all())


class _Reader(Struct, kw_only=True):
    """What has been read so far: the finished attempts, and the race that is being read."""

    problems: ProblemList
    attempts: list[Attempt] = field(default_factory=list)
    race: Race | None = None
    tunnel: bool = False
    """The next status is a proxy's answer to CONNECT."""

    def take(self, line: Line) -> None:
        """Read one more line."""
        if words := prompted(line.text, "curl"):
            self.close()
            self.race = _called(words, line.number)
        elif error := _ERROR.fullmatch(line.text):
            self._sentence(error["says"], line.number)
            self._exit(int(error["code"]), line.number)
        elif ended := _EXIT.fullmatch(line.text.strip()):
            self._exit(int(ended["code"]), line.number)
            self.close()
        elif marked := _MARKED.fullmatch(line.text):
            says = marked["says"] or ""
            match marked["mark"]:
                case "*":
                    self._sentence(says, line.number)
                case ">":
                    self._request(says, line.number)
                case _:
                    self._answer(says, line.number)

    def close(self) -> None:
        """The race is over; what it says goes into the log."""
        if self.race is not None:
            if self.race.is_ambiguous:
                self.problems.add(
                    "several addresses were tried at once, and the log does not say which one connected", self.race.line
                )
            self.attempts += self.race.attempts()
        self.race, self.tunnel = None, False

    def _open(self, line: int) -> Race:
        """The race that words about a new connection belong to."""
        if self.race is not None and self.race.closed:
            self.close()
        if self.race is None:
            self.race = Race(line=line)
        return self.race

    def _sentence(self, says: str, line: int) -> None:
        if trying := _TRYING.fullmatch(says):
            self._trying(trying, line)
        elif named := _NAMED.fullmatch(says):
            self._open(line).name = named["one"] or named["two"]
        elif connected := _CONNECTED.fullmatch(says):
            race = self._open(line)
            race.name = race.name or connected["name"]
            race.connect(line, address_in(connected["address"]), _port(connected["port"] or connected["inner"]))
        elif self.race is not None:
            self._about_the_race(self.race, says, line)
        elif end := curl_sentences.end_of(says):
            self._open(line).finish(line, end, curl_sentences.milliseconds_in(says))

    def _trying(self, match: re.Match[str], line: int) -> None:
        race = self._open(line)
        if race.winner is not None and race.connected is not None:
            self.close()
            race = self._open(line)
        address, port = address_in(match["v6"] or match["other"] or ""), _port(match["port"])
        race.tries.append(Try(line=line, address=address, port=port or race.port))
        if match["rest"].strip() == "connected":
            race.connect(line, address, port)

    def _about_the_race(self, race: Race, says: str, line: int) -> None:
        if failed := _FAILED.fullmatch(says):
            reason = curl_sentences.reason_in(failed["reason"]) or Outcome.UNKNOWN
            race.fail(line, address_in(failed["address"]), _port(failed["port"]), reason)
        elif failed := _IMMEDIATE.fullmatch(says):
            reason = curl_sentences.reason_in(failed["reason"]) or Outcome.UNKNOWN
            race.fail(line, address_in(failed["address"]), None, reason, unsent=True)
        elif moved := _MOVED_ON.fullmatch(says):
            race.fail(line, address_in(moved["address"]), None, Outcome.NO_CONNECTION)
        elif gave_up := _GAVE_UP.fullmatch(says):
            self._gave_up(race, gave_up["reason"], says, line)
        elif _HELLO.match(says) or _TLS_IN.match(says) or _OFFER.match(says):
            race.connect(line)
            race.hello = race.hello or _HELLO.match(says) is not None
            race.tls_answered = race.tls_answered or _TLS_IN.match(says) is not None
            if _ALERT.match(says):
                race.declined = True
                race.finish(line, End.ANSWERED, weak=True)
        elif end := curl_sentences.end_of(says):
            race.finish(line, end, curl_sentences.milliseconds_in(says))
        elif _DONE.match(says):
            race.closed = True
        elif _REUSED.match(says):
            race.closed, race.status, race.end, race.end_line = False, None, None, None

    def _gave_up(self, race: Race, reason: str, says: str, line: int) -> None:
        outcome = curl_sentences.reason_in(reason)
        for one in race.running():
            if outcome is not None:
                one.outcome, one.outcome_line = outcome, line
        ends = {
            Outcome.REFUSED: End.REFUSED,
            Outcome.RESET: End.RESET,
            Outcome.UNREACHABLE: End.UNREACHABLE,
            Outcome.NO_CONNECTION: End.TIMED_OUT,
        }
        race.finish(
            line, ends.get(outcome, End.UNKNOWN) if outcome else End.UNKNOWN, curl_sentences.milliseconds_in(says)
        )

    def _request(self, says: str, line: int) -> None:
        race = self._open(line)
        race.connect(line)
        race.requested = True
        if re.match(r"[A-Z]+ \S", says):
            self.tunnel = says.startswith("CONNECT ")

    def _answer(self, says: str, line: int) -> None:
        status = _STATUS.fullmatch(says)
        race = self.race
        if race is None or (status is None and race.requested):
            return
        if status and self.tunnel and status["status"].startswith("2"):
            self.tunnel = False
        elif status is None or not status["status"].startswith("1"):
            race.connect(line)
            race.status = int(status["status"]) if status else None
            race.finish(line, End.ANSWERED)

    def _exit(self, code: int, line: int) -> None:
        race = self._open(line) if self.race is None else self.race
        race.closed = True
        race.finish(line, curl_sentences.end_of_exit(code) or End.UNKNOWN, weak=True)


def _called(words: list[str], line: int) -> Race:
    """The race that a call of curl starts, named by its first URL with a scheme, or by its first word with a dot."""
    urls = [word for word in words[1:] if "://" in word]
    bare = [word for word in words[1:] if "." in word and not word.startswith("-")]
    url = _URL.fullmatch((urls or bare or [""])[0])
    if url is None:
        return Race(line=line)
    scheme = url["scheme"].lower() if url["scheme"] else "http" if not urls else None
    port = _port(url["port"]) or {"http": 80, "https": 443}.get(scheme or "")
    return Race(line=line, name=url["host"].strip("[]"), scheme=scheme, port=port)


def _port(text: str | None) -> int | None:
    return int(text) if text and 0 < int(text) <= 0xFFFF else None
