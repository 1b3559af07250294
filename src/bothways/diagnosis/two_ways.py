"""Two ways between two ends side by side: the model of what is said about them."""

from collections.abc import Mapping

from msgspec import Struct, field

from bothways.diagnosis.would_follow import Consequence, Prospect
from bothways.evidence.inventory import State
from bothways.evidence.networks import Network
from bothways.facts.fact import Fact
from bothways.facts.loops import LOOP, Circles
from bothways.facts.ways import FIREWALL_ON_WAYS
from bothways.paths.alignment import Alignment, Kinship, Row
from bothways.paths.course import Course
from bothways.paths.model import Stray, Told
from bothways.paths.stateful import Recognition, Rests
from bothways.way import Way

_ROUND = frozenset({Circles.THERE, Circles.BACK})


class Device(Struct, frozen=True, kw_only=True):
    """A hop that is taken for a stateful device."""

    name: str | None
    address: str | None
    keeps: State
    """For what it keeps state, by the best reason."""

    recognitions: tuple[Recognition, ...]
    """On what it rests, the strongest first; at least one."""

    there: int | None
    """Its distance on the way there; None where no report of that way shows it."""

    back: int | None

    @property
    def label(self) -> str:
        """How it is called in a sentence."""
        return self.name or self.address or "a silent hop"

    @property
    def by_name_only(self) -> bool:
        """It rests on a word in its name and on nothing else: weak."""
        return self.recognitions[0].rests is Rests.NAME

    def index(self, way: Way) -> int | None:
        """Its distance on *way*."""
        return self.there if way is Way.THERE else self.back


class WaysOf(Struct, frozen=True, kw_only=True):
    """What path reports tell of the two ways between two ends."""

    target: str | None
    """Id of the target whose ends they are; None where only path reports know them."""

    client: str
    """Name or address of the end where the way there begins; empty where unknown."""

    server: str
    client_address: str
    """Empty where no evidence has it."""

    server_address: str
    there: Course | None
    """As it was last; None where no report shows it."""

    back: Course | None
    assumed: frozenset[Way] = frozenset()
    """Ways whose last answer is taken for the other end because it is the last one, and for no other reason."""

    others: tuple[Course, ...] = ()
    """Other forms of the two ways: they changed meanwhile, or are balanced over ways of unequal length."""

    controls: tuple[Course, ...] = ()
    alignment: Alignment | None
    """None where a way is missing."""

    devices: tuple[Device, ...] = ()
    networks: Mapping[str, Network] = field(default_factory=dict)
    """Whose the addresses on the two ways are, by the user's databases; what none of them knows is not among them."""

    facts: tuple[Fact, ...] = ()
    """What path reports alone can answer."""

    told: Told | None = None
    """By what the ways were told apart; None where the ends are known from elsewhere."""

    strays: tuple[Stray, ...] = ()
    """Reports that belong to neither way."""

    follows: tuple[Consequence, ...] = ()
    open: tuple[Prospect, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those of the alignment; of one way alone its routers, of which nothing tells whether the other has them."""
        if self.alignment:
            return self.alignment.rows
        there = self.there.routers if self.there else ()
        back = self.back.routers if self.back else ()
        return (
            *(Row(there=one, back=None, kinship=Kinship.UNTOLD, confidence=0.5) for one in there),
            *(Row(there=None, back=one, kinship=Kinship.UNTOLD, confidence=0.5) for one in reversed(back)),
        )

    @property
    def absence(self) -> Fact | None:
        """On which ways the stateful device stands, or why that is not known; None where it was not measured."""
        return next((fact for fact in self.facts if fact.kind is FIREWALL_ON_WAYS), None)

    @property
    def circle(self) -> Fact | None:
        """The way that goes in circles; None where none is seen to."""
        return next((fact for fact in self.facts if fact.kind is LOOP and fact.answer in _ROUND), None)

    def course(self, way: Way) -> Course | None:
        """The course of *way*."""
        return self.there if way is Way.THERE else self.back
