"""What the lab builds, as plain values: a network, the traffic on it, who watches, and what is true."""
