"""The default network: a campus behind a stateful firewall, the Internet, and a site that people want to reach."""
