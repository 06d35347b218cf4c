"""The demo's main job: a cohort's whole life, through the operations and jobs that the pages use."""
