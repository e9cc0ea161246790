"""The private PostGIS of a folder: found, started, stopped."""
