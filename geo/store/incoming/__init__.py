"""How an issue comes in: one, several together, a file."""
