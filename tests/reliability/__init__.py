"""Tests that kill, race and cut off: what was committed stays, nothing is done twice."""
