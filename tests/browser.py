"""A person in Chromium, for tests: what each page said, asked for and got wrong."""

from __future__ import annotations

from typing import Any

import pytest

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Person:
    """A browser window. ``problems`` collects console messages, foreign requests, 5xx answers and axe's violations."""

    def __init__(self, browser: Any, origin: str, *, width: int, scheme: str = "light", **more: Any) -> None:
        self.origin = origin
        size = {"width": width, "height": 800}
        self.context = browser.new_context(viewport=size, color_scheme=scheme, accept_downloads=True, **more)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda said: self._note(said.type in ("error", "warning"), said.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on("request", lambda sent: self._note(not self._is_ours(sent.url), f"asked {sent.url}"))
        self.page.on("response", lambda got: self._note(got.status >= 500, f"{got.status} {got.url}"))

    def _is_ours(self, url: str) -> bool:
        return url.startswith((self.origin, "data:", "blob:", "about:"))

    def _note(self, is_bad: bool, text: str) -> None:
        if is_bad:
            self.problems.append(f"{self.page.url}: {text}")

    def open(self, path: str) -> None:
        """Go to a page; a progress page that reloads itself at that moment is waited for."""
        address = path if path.startswith("http") else self.origin + path
        try:
            self.page.goto(address)
        except Exception as error:
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.wait_for_load_state()
            self.page.goto(address)

    def look(self) -> None:
        """Let the page settle, then judge it: axe, and no sideways scrolling."""
        axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
        self.page.wait_for_load_state("networkidle")
        found = axe_module.Axe().run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}})
        for violation in found.response["violations"]:
            for node in violation["nodes"][:3]:
                self._note(True, f"{violation['id']} {node['html'][:160]}")
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        self._note(wide, "scrolls sideways")

    def press(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def download(self, name: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        return bytes(open(waiting.value.path(), "rb").read())

    def log_in(self, username: str) -> None:
        self.open("/admin/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", "secret")
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")


def draw(page: Any) -> None:
    """A signature in the drawing field, as a finger makes it."""
    canvas = page.locator("canvas[data-pad=signature]")
    canvas.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 80)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + 12 * step, box["y"] + (30 if step % 2 else 90), steps=3)
    page.mouse.up()
