"""Wires between nodes: latency, loss, reordering, duplication, rate, and VLAN tags."""
