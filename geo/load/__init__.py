"""Files in, frames and findings out: every defect is a row of a report."""
