"""The numbers by which two ways are laid side by side, each with its reason.

Likelihood ratios: how much likelier something is to be seen if two hops are one router than if they are not. They are
round, and cautious: a wrong pair is worse than a missing one.
"""

from math import log

# What is claimed ---------------------------------------------------------------------------------------------------

CLAIM = 0.88
"""From this probability on two hops are called one router. Most claims are far surer, so that fewer than one in a
hundred is wrong: bench/alignment.py counts them on networks of the lab. Each row tells how sure it is."""

CLAIM_BY_PLACE = 0.95
"""The same where nothing speaks for it but where the hops stand, or a network that may have more ends than two: ways
that are as long need not be the same."""

CLAIM_BETWEEN_LINKS = 0.6
"""The same where the links to both neighbours are seen from both their ends. One such link a detour can feign, whose
first router answers from the interface by which the answer leaves; not both."""

CERTAIN = 0.95
"""From this probability on a pair may bear what is concluded from it: where a router of one way is not on the other."""

DENY = 0.02
"""Below this probability a hop of one way is none of the other way's, as far as this is known at all."""

SIDE_BY_SIDE = 0.501
"""From this probability on two hops share a row, though it cannot be told. A little over one half, so that rounding
gives no hop two rows."""

# How ways differ ---------------------------------------------------------------------------------------------------
#
# Paxson 1997, "End-to-End Routing Behavior in the Internet", saw another city on half the ways; He et al. 2005, "On
# Routing Asymmetry in the Internet", another network on 14 % of academic and on more of commercial ones. Within one
# network, and of ways that the owner believes to be the same, far fewer differ. So ways come in two kinds: most are
# the same throughout, and those that differ somewhere easily do so again.

ALIKE = 0.6
"""Share of pairs of ways that hardly differ; what lengths and addresses say corrects this for the two at hand."""

PARTING = {True: 0.002, False: 0.1}
"""After each common router: how often the ways part, where they hardly differ and where they do."""

TWIN = 0.02
"""After each common router: how often two others stand in one place, one on each way. Load is shared by parallel
routers on many ways (Augustin et al. 2007, "Measuring Load-Balanced Paths in the Internet": on 39 %), and what each
report met is chance."""

TWIN_GOES_ON = 0.35
"""After a twin another one follows: seldom are there more than two in a row."""

LONGER = 0.5
"""After a router of a detour the next one belongs to it, too: detours of one to three routers are the usual ones."""

BOTH_SIDES = 0.6
"""After the part of a detour on one way, the other way has routers of its own there, too."""

LEFT_OPEN = 0.9
"""After each hop beyond what the other report shows there comes another one: nothing is known of their number."""

PARTING_AT_END = {True: 5.0, False: 0.1}
"""By how much ways differ more easily beside a host. Even where nothing else differs two gateways may share a LAN (RFC
9568); but where ways differ somewhere, that is seldom at the first hop: most hosts have one gateway."""

# What is seen of two hops ------------------------------------------------------------------------------------------

ADDRESS = log(20_000)
"""One address: one router, but for anycast and for private networks that use the same numbers."""

PRIVATE_ADDRESS = log(2_000)
"""One private address (RFC 1918): both ends may have a 192.168.1.1."""

NAME = log(3_000)
"""One full name. Names outlive the devices that they were given to."""

INTERFACE_NAME = log(1_000)
"""One device by names that differ in the interface only."""

OTHER_NAME = log(1 / 40)
"""Names of one form and one domain that name different devices: hardly the same router, but names are stale."""

NAMES_OF_ADDRESSES = 0.1
"""Share of operators whose names name addresses in a way from which no device can be read."""

RETURNS = 0.7
"""How often a router of one way stands on the other one, too, if nothing else is known."""

NONE_RETURNS = 0.05
"""How often none of many does: the ways part for good."""

OTHER_DOMAIN = log(1 / 4)
"""Names of different domains: the address of a link between two networks belongs to one of them, its router to the
other one, so that a border router has names of both."""

OTHER_FORM = log(1 / 6)
"""Names of one domain written in different forms."""

DEVICE = log(10_000_000)
"""One device by the user's own list."""

OTHER_DEVICE = log(1 / 10_000_000)

NAMED_ALIKE = 0.5
"""Share of networks that name all addresses of a router or none; the others name each for itself. Where a router has
two addresses and one of them has a name, in the first kind of network hardly ever the other one has none."""

NETWORK = log(1.8)
"""Both addresses in one network: most neighbours share it, too."""

OTHER_NETWORK = log(1 / 4)
"""Addresses of different networks: a border router's can be; others are of one network."""

OTHER_SYSTEM = log(1 / 30)
"""Replies that began with different TTLs (64, 128, 255): systems of different make, unless the guess is wrong."""

WAY_BACK_FITS = log(2.5)
"""The reply came as far as this hop stands from the end: on the way back a router's distance is one number."""

WAY_BACK_NEARLY = log(0.7)
"""One hop off: some systems count the reply's own hop, and tunnels hide some."""

WAY_BACK_MISSES = log(1 / 8)

ONE_LINK_TIGHT = log(1 / 50)
"""The two addresses are those of a link's two ends: two routers, not one."""

ONE_LINK_LOOSE = log(1 / 2)

# Links -------------------------------------------------------------------------------------------------------------

LINK_BY_CHANCE = {True: 0.002, False: 0.08}
"""Two hops that are not neighbours have the only two addresses of a network of at most four (True), or of up to a
/24 (False)."""

OUTGOING = 0.15
"""Share of networks whose routers answer from the interface by which the answer leaves, as Linux does without
icmp_errors_use_inbound_ifaddr (ip-sysctl.rst), and as RFC 1812 section 4.3.2.4 has it; most makers' routers answer from
the one by which the probe came."""

LINK_AT_PARTING = {True: 0.6, False: 0.08}
"""Where only one of two neighbours stands on both ways, its address on their link is seen on the other way
nevertheless: hardly but from systems that answer from the outgoing interface."""

LINK_AT_TWIN = 0.3
"""Where load is shared, each probe may take another of several routers, so that their neighbours show their links."""

LINK_OF_MIXED = 0.02
"""Where two neighbours of one way stand on the other one, too, but not side by side, their link is seen from both ends
only if one of them answers from the outgoing interface and the other one does not."""

LINKS_EXPECTED = (2.0, 0.4, 0.3)
"""Before any is seen: neighbours whose addresses are the only two of a network, of one network with others, and of two
networks, as those of routers are that answer from a loopback or have several cables."""

LEAST_LINKS = 0.02
"""Share of neighbours of each kind, whatever was counted."""

# Silence -----------------------------------------------------------------------------------------------------------

SILENT_ON_BOTH = 0.75
"""A router that is silent on one way is so on the other one: most never answer; some are asked too much, or their
replies are filtered on one way."""

# Round trips -------------------------------------------------------------------------------------------------------

LEAST_NOISE = 150_000
"""Nanoseconds. Tools print tenths or hundredths of milliseconds, and a router takes as long to answer."""

OUTLIERS_EXPECTED = (0.6, 3.4)
"""Before any is seen, as many common routers whose round trips do not fit as such whose do: routers answer when they
have time, and shared load takes other cables at each probe."""

OUTLYING = 5
"""Spreads beyond which a round trip does not fit."""

MOST_BY_ROUND_TRIP, LEAST_BY_ROUND_TRIP = log(12), log(1 / 60)
"""What round trips may say of a pair: neighbours share their errors, so each counts for little."""

TWIN_SHARE = 0.8
"""Twins stand in the same place, so that round trips fit them nearly as well."""

NOTEWORTHY = log(1.5)
"""Odds from which round trips and TTLs are named among what a pair rests on."""

ADDRESSES_EXPECTED = {True: (0.1, 0.7), False: (7.0, 1.0)}
"""Before any is seen, of both directions (True) and of one: common routers that show one address on both ways, and two.
Some systems answer from one address always; ways of one direction enter a router by one interface, but where they come
from different neighbours."""

NEGLIGIBLE = 1e-3
"""Probability below which a pair is not counted."""

PLACED = 0.3
"""What a pair counts that rests on its place only, where it is counted how usual links are among pairs: it would
confirm itself."""
