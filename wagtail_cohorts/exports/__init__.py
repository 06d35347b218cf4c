"""Workbooks and CSV files about cohorts."""
