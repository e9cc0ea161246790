"""What is true: frames and frozen dataclasses in, new ones out; no HTTP, no HTML."""
