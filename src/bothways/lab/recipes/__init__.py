"""What can be planted: one file a cause, its variants, and the same network mended."""
