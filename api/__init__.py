"""How it is asked: routes, command line, error table; no SQL, no geometry."""
