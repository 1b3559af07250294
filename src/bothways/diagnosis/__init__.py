"""`diagnose`: the whole judgement as one pure call, from evidence and roles to a `Diagnosis`."""
