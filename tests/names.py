"""Names of the people that tests and the example site make up, by which the scan of logs knows them."""

from __future__ import annotations

FIRST = ["Anele", "Bongani", "Chantal", "Dineo", "Emile", "Fatima", "Gugu", "Hendrik", "Itumeleng", "Lesedi"]
LAST = ["Mthembu", "Zulu", "Sithole", "Molefe", "Jacobs", "Botha", "Tshivhase", "Naidoo"]
FACTORIES = ["Mokoena", "Lindiwe", "Mahlangu", "Nomsa"]
EXAMPLE_SITE = ["Thembeka", "Nkosi", "Pieter", "Kotze", "Sarel", "Venter", "Nadia"]
NUMBERED = ("Naledi", "Thembi ")
"""A number follows: Naledi7, Thembi 8."""
