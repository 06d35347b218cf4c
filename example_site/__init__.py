"""A small Wagtail site with wagtail-cohorts installed, and the made-up papers and people of its demo."""
