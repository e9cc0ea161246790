"""Open311 GeoReport v2: what is asked there, what is answered, and in which words.

Source: https://wiki.open311.org/GeoReport_v2, frozen 2011; see docs/open311.md.
"""
