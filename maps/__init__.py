"""How it is shown: frames in, HTML out; no database."""
