"""Real workers as processes of their own group, so that a SIGKILL takes all of one at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.reliability.places import Place
from tests.reliability.scan import found_in

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PYTHON = [sys.executable, "-m"]
CELERY = [*PYTHON, "celery", "-A", "tests.reliability.celery_app"]


def commands_for(place: Place) -> list[list[str]]:
    """Two plain workers without a broker; with one, a Celery worker of two processes, and beat."""
    if not place.broker:
        return [[*PYTHON, "django", "cohorts_worker", "--interval", "0.1"]] * 2
    worker = [
        *CELERY,
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "info",
        "--without-gossip",
        "--without-mingle",
    ]
    beat = [*CELERY, "beat", "--loglevel", "error", "--schedule", str(place.folder / "beat")]
    return [worker, [*beat, "--pidfile", ""]]


def start_up_seconds(place: Place) -> float:
    """How long a worker takes here and now before it can begin: most of what a kill costs on a busy machine."""
    began = time.monotonic()
    environment = place.environment(delay=0)
    command = [
        sys.executable,
        "-c",
        "import django; django.setup(); from tests.reliability.celery_app import app",
    ]
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)
    return round(time.monotonic() - began, 1)


class Workers:
    """Started, killed without warning, and started again; ``supervised``, also when they end by themselves."""

    def __init__(self, place: Place, *, delay: float, supervised: bool = False) -> None:
        self._environment = {**place.environment(delay=delay), "RELIABILITY_LOG": "INFO"}
        self._log = (place.folder / "workers.log").open("ab")
        self._running: list[tuple[list[str], subprocess.Popen[bytes]]] = []
        for command in commands_for(place):
            self._start(command)
        self.restarts = 0
        self._ended = threading.Event()
        if supervised:
            threading.Thread(target=self._supervise, daemon=True).start()

    def _start(self, command: list[str]) -> None:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=self._environment, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=self._log, start_new_session=True,
        )  # fmt: skip
        self._running.append((command, process))

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL a whole worker with its children, now and then beat, and start another in its place."""
        weights = [1 if "beat" in command else 4 for command, _process in self._running]
        self._replace(chance.choices(range(len(self._running)), weights)[0])

    def kill_all(self) -> None:
        for _each in list(self._running):
            self._replace(0)

    def _replace(self, place: int) -> None:
        command, process = self._running.pop(place)
        _kill(process)
        self._start(command)

    def _supervise(self) -> None:
        """As systemd with Restart=always and RestartSec=1."""
        while not self._ended.wait(1.0):
            for place, (_command, process) in enumerate(list(self._running)):
                if process.poll() is not None:
                    self.restarts += 1
                    self._replace(place)

    def all_alive(self) -> bool:
        return all(process.poll() is None for _command, process in self._running)

    def stop(self) -> None:
        self._ended.set()
        for _command, process in self._running:
            _kill(process)
        self._log.close()
        read_log(Path(self._log.name))


def read_log(path: Path) -> None:
    """Raises when what the workers wrote tells of a person or holds a token."""
    found = found_in(path.read_text(errors="replace"))
    if found:
        raise RuntimeError(f"The log of the workers tells what it should not: {found[:5]}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
