"""What maps draw, as tiles: issues counted in cells, areas simplified for each zoom."""
