"""Links that open a task or a worker's day on a phone without an account."""
