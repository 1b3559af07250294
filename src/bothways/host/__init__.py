"""The outside world: files, the clock, the terminal. Whatever is pure is told what this room finds."""
