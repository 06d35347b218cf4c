"""An institution's colour stays readable, whatever it is."""

from __future__ import annotations

import pytest

from wagtail_cohorts.portal.colours import contrast, read_colour, variables

GROUNDS = {"light": ("#f3f5f6", "#ffffff"), "dark": ("#18222a",)}


@pytest.mark.parametrize(
    "colour", ["#0f4c5c", "#ffd84d", "#ffffff", "#000000", "#ff0000", "#00ff00", "#77838f", "rubbish"]
)
def test_text_in_and_on_the_colour_has_enough_contrast(colour: str) -> None:
    found = {name: read_colour(value) for name, value in variables(colour).items()}
    assert set(found) == {
        "institution", "on-institution", "institution-tint", "institution-dark", "on-institution-dark",
        "institution-tint-dark",
    }  # fmt: skip
    for ground in (*map(read_colour, GROUNDS["light"]), found["institution-tint"], found["on-institution"]):
        assert contrast(found["institution"], ground) >= 4.5
    for ground in (
        *map(read_colour, GROUNDS["dark"]),
        found["institution-tint-dark"],
        found["on-institution-dark"],
    ):
        assert contrast(found["institution-dark"], ground) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(read_colour("#000000"), read_colour("#ffffff")) == pytest.approx(21)
    assert contrast(read_colour("#777777"), read_colour("#ffffff")) == pytest.approx(4.478, abs=0.01)
