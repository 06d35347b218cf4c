"""Lives through thousands of cohorts by right and wrong calls, beside a plain model that says what must come of each:
first a life to each transition and refusal, by a way found on the model, then as many by chance as ``--runs`` says.

    python -m tests.reliability.life_machine --runs 5000 --steps 50 --seed 1 --workers 2
    python -m tests.reliability.life_machine --runs 500 --database postgres://postgres@127.0.0.1:5432/life

Prints one JSON object: what was covered of the transitions and refusals in tests/reliability/life/tables.py, with
counts; exits 1 when something was never exercised, or the product and the model diverged. Each worker is a process
with a database of its own, made and removed by Django's test runner.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any

MODULE = "tests.reliability.life_machine"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(10**6)
    if options.shard is not None:
        print(json.dumps(run_shard(options)))
        return 0
    from tests.reliability.life import database

    database.prepare()
    from tests.reliability.life.coverage import Coverage

    began, coverage = time.monotonic(), Coverage()
    found = [json.loads(_output(process)) for process in [_start(options, n) for n in range(options.workers)]]
    for one in found:
        coverage.add(one)
    report = coverage.report() | {
        "lives_to_a_goal": sum(one["toured"] for one in found),
        "seconds": round(time.monotonic() - began, 1), "seed": options.seed, "steps_a_run": options.steps,
        "workers": options.workers, "database": options.database.partition(":")[0],
        "versions": {**versions(), "database": found[0]["server"]},
    }  # fmt: skip
    print(json.dumps(report))
    return 1 if report["divergences"] or (report["missing"] and not options.partly) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", default="sqlite", help="sqlite, or the URL of a database server")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--partly", action="store_true", help="Do not fail for what was never exercised.")
    parser.add_argument("--shrink", action="store_true", help="Look for the shortest way to a divergence.")
    parser.add_argument("--shard", type=int, default=None, help=argparse.SUPPRESS)
    return parser


def _start(options: argparse.Namespace, shard: int) -> subprocess.Popen[str]:
    runs = options.runs // options.workers + (shard < options.runs % options.workers)
    command = [sys.executable, "-m", MODULE, "--shard", str(shard), "--runs", str(runs)]
    command += ["--steps", str(options.steps), "--seed", str(options.seed), "--database", options.database]
    command += ["--workers", str(options.workers)]
    command += ["--shrink"] if options.shrink else []
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})


def _output(process: subprocess.Popen[str]) -> str:
    output, _nothing = process.communicate()
    if process.returncode:
        raise SystemExit(f"A worker ended with {process.returncode}.")
    return output.splitlines()[-1]


def run_shard(options: argparse.Namespace) -> dict[str, Any]:
    """This process's part of the runs, in a database that is made for it."""
    from tests.reliability.life import database

    with database.own_database(options.database, shard=options.shard) as server:
        from tests.reliability.life.coverage import Coverage
        from tests.reliability.life.routes import GOALS
        from tests.reliability.life.running import live, tour
        from tests.reliability.life.world import make_world

        number = options.seed + 1_000_003 * options.shard
        world, coverage = make_world(), Coverage()
        toured = tour(world, GOALS[options.shard :: options.workers], number=options.seed)
        coverage.add(toured.as_data())
        lived = live(world, runs=options.runs, steps=options.steps, number=number, shrink=options.shrink)
        coverage.add(lived.as_data())
    return {**coverage.as_data(), "runs": lived.runs, "toured": toured.runs, "server": server}


def versions() -> dict[str, str]:
    names = ("wagtail", "Django", "hypothesis", "psycopg", "pypdf", "pyHanko")
    known: dict[str, str] = {"python": platform.python_version()}
    for name in names:
        try:
            known[name.lower()] = version(name)
        except ModuleNotFoundError:  # a driver that this run does not need
            continue
    return known


if __name__ == "__main__":
    sys.exit(main())
