"""A deterministic Chinese city whose layers are valid coverages by construction."""
