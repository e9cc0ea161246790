"""What is told of a running server: a line for each request, and figures. No personal data."""
