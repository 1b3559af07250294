#!/bin/bash
# Makes the samples of this folder with this kernel, as root: ./make.sh FOLDER
# Two hosts in network namespaces of their own, a VXLAN between them whose MTU is as large as the cable's, so that the
# outer packets are fragments, and a rule that logs to NFLOG. One request and 4,000 bytes of answer cross it.
set -eu
OUT=$1
TALK=$(mktemp)
HERE=client-$$; THERE=server-$$
cleanup() {
  for p in ${PIDS:-}; do kill $p 2>/dev/null || true; done
  ip netns del $HERE; ip netns del $THERE; rm -f $TALK $TALK.*
}
ip netns add $HERE; ip netns add $THERE; trap cleanup EXIT
ip link add va netns $HERE type veth peer name vb netns $THERE
ip -n $HERE addr add 198.51.100.1/24 dev va; ip -n $THERE addr add 198.51.100.2/24 dev vb
for n in $HERE $THERE; do ip -n $n link set lo up; done
ip -n $HERE link set va up; ip -n $THERE link set vb up
ip -n $HERE link add vx0 type vxlan id 42 dstport 4789 local 198.51.100.1 remote 198.51.100.2
ip -n $THERE link add vx0 type vxlan id 42 dstport 4789 local 198.51.100.2 remote 198.51.100.1
ip -n $HERE addr add 10.42.0.1/24 dev vx0; ip -n $THERE addr add 10.42.0.2/24 dev vx0
for n in $HERE $THERE; do ip -n $n link set vx0 mtu 1500; ip -n $n link set vx0 up; done
cat > $TALK <<'P'
import socket, sys
def serve(s):
    c, _ = s.accept()
    with c: c.recv(100); c.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 4000)
if sys.argv[1] == "serve":
    s = socket.create_server((sys.argv[2], 8080)); print("ready", flush=True); serve(s)
else:
    c = socket.create_connection((sys.argv[2], 8080), timeout=10); c.sendall(b"GET / HTTP/1.1\r\nHost: sample.example\r\n\r\n")
    while c.recv(4096): pass
P
ip netns exec $THERE tcpdump -i vb -w $OUT/vxlan.pcap -U ip 2>$TALK.1 & T1=$!; PIDS=$T1
ip netns exec $THERE tcpdump -i any -w $OUT/vxlan-any.pcap -U ip 2>$TALK.2 & T2=$!; PIDS="$T1 $T2"
ip netns exec $THERE nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in meta l4proto tcp log group 1'
ip netns exec $THERE tcpdump -i nflog:1 -w $OUT/nflog.pcap -U 2>$TALK.3 & T3=$!
PIDS="$T1 $T2 $T3"
until grep -q "listening on" $TALK.3; do :; done
until grep -q "listening on" $TALK.1 && grep -q "listening on" $TALK.2; do :; done
ip netns exec $THERE python3 $TALK serve 10.42.0.2 >$TALK.s & S=$!
until grep -q ready $TALK.s; do :; done
ip netns exec $HERE python3 $TALK get 10.42.0.2
wait $S
python3 -c "import time; time.sleep(1)"
kill -INT $T1 $T2 $T3; wait $T1 $T2 $T3 || true; PIDS=
