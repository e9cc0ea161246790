"""What leaves: hooks, the outbox, notices, the stream."""
