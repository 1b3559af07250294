"""Evidence re-taken badly: what observers in the field do to the same packets, one step a function.

`tests/cases/degradations.toml` is the table: which steps make a degradation, and how far a verdict may weaken under it.

    taken       a folder's evidence in memory, read and written
    headers     where things stand in a frame
    steps       the list of all steps by name
    table       the degradations
    visible     whether a failure can still be seen in what is left
    grades      a verdict beside that on the whole evidence
"""
