"""A connection that is held open, for tests of probes inside of it."""

from bothways.probes.opened import Opened
from bothways.units import Duration
from bothways.wire.tcp import TcpOptions
from tests.helpers.paper_network import CLIENT, HOP, ISN, SERVER, SERVER_ISN

HELD = Opened(
    client=CLIENT,
    server=SERVER,
    client_isn=ISN,
    server_isn=SERVER_ISN,
    acknowledged=ISN + 1,
    seq=ISN + 1,
    ack=SERVER_ISN + 1,
    syn_window=64_240,
    syn_options=TcpOptions(mss=1460, sack_permitted=True, ts_value=7, ts_echo=0, window_scale=7),
    window=502,
    ts_value=9,
    ts_echo=3,
    server_mss=1460,
    round_trip=Duration(11 * HOP),
)
