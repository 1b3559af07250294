"""The path model: what reports say about the two ways, attached to the ends they were measured between."""
