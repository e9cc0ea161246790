"""Files in, frames and findings out: every defect is a row of a report.

The order: open and list layers (`files`, `archives`) → decode (`vectors`, `tables`, `ledgers`,
`osm`, `encodings`) → columns to the contract (`columns`) → coordinate system (`projections`) →
datum (`datums`) → rows (`points` or `polygons`, then `coverage`) → the contract.

What the row checks get: a `RawLayer` whose frame has the contract's columns and either `geometry`
in degrees (already reprojected, lon then lat, not yet shifted by `datum`) or, for a table, `lon`
and `lat` as they were typed. What they give back: the rows that can be used, `geometry` in
EPSG:4326 and WGS 84, and the findings; a row left out has a finding that is "quarantined".
"""
