"""Signing in: passwords and the city's own sign-on, sessions, and who is refused."""
