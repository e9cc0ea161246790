"""Tables in files, row by row as they are: read in batches, passed on with a column more."""
