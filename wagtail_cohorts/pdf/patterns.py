"""The named patterns a text field may ask for. A fixed list: an editor never writes a regular expression."""

from __future__ import annotations

import re
from typing import NamedTuple


class Pattern(NamedTuple):
    """An expression that works alike in Python and in a browser's `pattern`, and the rule in words."""

    expression: str
    sentence: str

    def matches(self, text: str) -> bool:
        return re.fullmatch(self.expression, text) is not None


PATTERNS = {
    "digits": Pattern(r"[0-9]+", "Use digits only."),
    "letters": Pattern(r"[^0-9!-&*+\/:-@\[-\`\{-~]+", "Use letters only."),
    "letters_and_digits": Pattern(r"[A-Za-z0-9 ]+", "Use letters and digits only."),
    "postal_code": Pattern(r"[0-9]{4}", "A postal code has four digits."),
    "tax_number": Pattern(r"[0-9]{10}", "A tax number has ten digits."),
    "account_number": Pattern(r"[0-9]{6,16}", "An account number has 6 to 16 digits."),
    "branch_code": Pattern(r"[0-9]{6}", "A branch code has six digits."),
    "year": Pattern(r"(?:19|20)[0-9]{2}", "Write a year with four digits."),
    "time": Pattern(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", "Write a time like 08:30."),
    "passport": Pattern(r"[A-Za-z0-9]{6,12}", "A passport number has 6 to 12 letters and digits."),
}
