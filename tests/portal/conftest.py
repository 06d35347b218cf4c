"""A student who came by the link of the invitation, and has done nothing yet."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.portal.journey import Visitor


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor(make.invited(make.enrolling()))
