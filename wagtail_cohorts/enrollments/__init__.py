"""Students in cohorts, their agreements, their import, and the gate to the sponsor."""
