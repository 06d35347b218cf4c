"""Companies that pay for cohorts and co-sign, and their contacts."""
