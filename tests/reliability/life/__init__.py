"""The whole life of a cohort as a state machine: a plain model beside the real operations, compared after each step."""
