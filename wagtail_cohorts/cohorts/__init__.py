"""Programmes, cohorts, their templates, required documents, parties and states."""
