"""Events streamed to live boards: one listener of the database, many of ours."""
