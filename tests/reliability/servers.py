"""Servers of a run's own, to be killed: Redis, and PostgreSQL with all its children."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from tests.reliability.web import free_port

ANSWERS_WITHIN = 60.0


class RedisServer:
    """Keeps nothing on disk: killed, it has lost everything, as FLUSHALL."""

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        _wait(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def hang(self) -> None:
        """It takes connections and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        self._client().flushall()


class PostgresServer:
    """A cluster of its own, with fsync on: what it said was committed must be there afterwards."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._folder = Path(tempfile.mkdtemp(prefix="cohorts-postgres-"))
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self._bin = found[-1] if found else Path(shutil.which("pg_ctl") or "/usr/bin/pg_ctl").parent
        self._as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def make(self) -> None:
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self._folder / "data"), "-A", "trust", "-U", "postgres")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        """As a supervisor would: again until it is up, since the killed one's memory may still be held."""
        options = f"-p {self.port} -k {self._folder} -h 127.0.0.1"
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
        _wait(self._answers)

    def _answers(self) -> bool:
        import psycopg  # not every machine that reads this file has a server

        try:
            url = self.url.replace("postgres://", "postgresql://")
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL for the postmaster and every child, at once."""
        main = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        for process in [main, *_children(main)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _wait(lambda: not Path(f"/proc/{main}").exists() or _is_zombie(main))

    def remove(self) -> None:
        try:
            self.kill()
        except (FileNotFoundError, ProcessLookupError):
            pass
        shutil.rmtree(self._folder, ignore_errors=True)


def _children(parent: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split(") ")[-1].startswith("Z")
    except FileNotFoundError:
        return True


def _wait(is_so: object) -> None:
    ends = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < ends:
        if is_so():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise TimeoutError("The server did not start or end.")
