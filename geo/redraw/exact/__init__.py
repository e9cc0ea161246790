"""Proofs and bounds: solvers that say how far a plan is from the best there is, or that none is."""
