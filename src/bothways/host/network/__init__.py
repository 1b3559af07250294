"""This machine's network: sockets, names, routes, counters, and the packets of our own connections."""
