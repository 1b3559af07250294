"""What was seen, by whom, and where that is written down: vendor-neutral records without opinions."""
