"""Causes, one file each: what happens, what it leaves behind, what would refute it. `catalogue.THEORIES` lists all."""
