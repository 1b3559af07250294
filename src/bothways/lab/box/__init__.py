"""A network that runs: namespaces, links, routes and filters of this machine's kernel."""
