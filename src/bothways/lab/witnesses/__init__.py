"""Who watches a running network: programs that write the evidence, and counts that tell whether a fault is real."""
