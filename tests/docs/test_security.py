"""The page about attacks says of each one what proves its words, or that nothing does yet."""

from __future__ import annotations

import re

from docs.generate import DOCS
from tests.docs.test_named_tests import NAMED

ROW = re.compile(r"^\| A(\d+) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.M)
ATTACKS = 58


def test_every_attack_has_its_test_or_says_that_it_has_none() -> None:
    rows = ROW.findall((DOCS / "reference" / "security.md").read_text())
    assert sorted(int(number) for number, *_more in rows) == list(range(1, ATTACKS + 1))
    bare = [
        number
        for number, _attack, happens, tests in rows
        if not NAMED.search(tests) and not re.match(r"Not yet: \w|Does not apply yet: \w", happens)
    ]
    assert bare == []
