"""Where a lab lives: processes, mounts and namespaces of its own, and how to be in one of its nodes."""
