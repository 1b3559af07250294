"""What goes on in a network that runs: services that listen inside of its hosts, and clients that visit them."""
