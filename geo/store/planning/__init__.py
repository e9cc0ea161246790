"""Plans: drafts, edits, publication, what follows of it."""
