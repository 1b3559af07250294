"""Large captures: made from a seed, with the truth beside them, and how fast who reads them.

world      hosts, servers, faults: who talks to whom, and what goes wrong how often
payloads   what they say: TLS, HTTP, DNS, QUIC
frames     packets of one connection, with right checksums
talks      scripts of connections that work
faults     scripts of those that fail
beside     UDP, ICMP echo, ARP
flood      SYNs from forged sources
files      all of it in order of time as a pcap file; cut to a snap length, and as pcapng
kinds      which files there are; the folder that keeps them
truth      what a file holds, and whether a diagnosis says the same
peers      who else reads captures, and how each is called
process    one run of one program: time, memory
rounds     all of them in turns, and what came out
"""
