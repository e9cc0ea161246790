"""What leaves: addresses allowed, secrets, the posting of one delivery, the worker."""
