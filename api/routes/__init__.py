"""Routes: each reads its arguments, asks the store once, and answers."""
