"""What `make` runs: sets a machine up, runs the checks and the tests, cleans up.

Standard library only, because it runs before anything is installed. It changes the machine in one
way only: packages of the distribution through apt, as root or with a sudo that asks no password.
Everything else lies in the checkout: `.venv/` (Python packages), `.tools/` (uv, where there is
none), `build/` and `maps/static/` (the front-end).
"""
