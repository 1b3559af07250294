"""Long ways between two hosts, drawn from a seed: what a reader of two path reports has to lay side by side."""
