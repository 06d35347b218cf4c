"""Made-up agreements for the example site: each function gives a PDF and the fields on its lines."""

from __future__ import annotations

from example_site.agreements.candidacy import candidacy_agreement
from example_site.agreements.conduct import code_of_conduct
from example_site.agreements.learnership import learnership_agreement
from example_site.agreements.workplace import workplace_plan

__all__ = ["candidacy_agreement", "code_of_conduct", "learnership_agreement", "workplace_plan"]
