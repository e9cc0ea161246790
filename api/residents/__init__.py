"""Reports of people without an account: handed in, followed by number and word, answered."""
