"""The site over HTTP, as a process that can be killed, and a person's browser that knows how long each answer took."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.reliability.places import Place

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NO_BROKER = "memory://"  # rings are heard by nobody
STARTS_WITHIN = 120.0


class Web:
    """Django's own server, in a process of its own."""

    def __init__(self, place: Place, *, rings: bool = False) -> None:
        self._environment = place.environment(delay=0)
        if rings and not place.broker:
            self._environment["RELIABILITY_BROKER"] = NO_BROKER
        self._dies_on = place.folder / "dies-on"
        self._log = (place.folder / "web.log").open("ab")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Web:
        command = [sys.executable, "-m", "django", "runserver", f"127.0.0.1:{self.port}", "--noreload"]
        self._process = subprocess.Popen(
            [*command, "--skip-checks"], cwd=REPOSITORY, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=self._log,
        )  # fmt: skip
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends:
            try:
                requests.get(f"{self.url}/papers/verify/", timeout=30)
                return self
            except requests.ConnectionError:
                time.sleep(0.1)
        raise TimeoutError("The web server did not start.")

    def die_on(self, task: str) -> None:
        """The next time that this task would be rung for, the process is killed instead."""
        self._dies_on.write_text(task)

    @property
    def is_dead(self) -> bool:
        """Whether it has been killed, a moment ago at most."""
        if self._process is None:
            return True
        try:
            return self._process.wait(timeout=5) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    status: int
    text: str
    seconds: float
    path: str

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found.group(1) if found else ""


@dataclass
class Browser:
    """One person's: keeps cookies and the form's token, follows redirects, and notes every answer."""

    url: str
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._session = requests.Session()

    def get(self, path: str) -> Answer:
        return self._note("get", path)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Answer:
        token = self._session.cookies.get("csrftoken", "")
        if data is not None:
            more["data"] = {**data, "csrfmiddlewaretoken": token}
        return self._note("post", path, headers={"X-CSRFToken": token}, **more)

    def _note(self, method: str, path: str, **more: Any) -> Answer:
        began = time.monotonic()
        got = self._session.request(method, self.url + path, timeout=60, **more)
        answer = Answer(got.status_code, got.text, time.monotonic() - began, path)
        self.answers.append(answer)
        return answer
