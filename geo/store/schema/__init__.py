"""The tables as Python sees them; a test holds them beside the migrations."""
