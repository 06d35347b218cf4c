"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
import resource
import sys
from importlib.metadata import version

PACKAGES = ("wagtail-cohorts", "wagtail", "django", "pypdf", "pyhanko", "cryptography", "openpyxl", "pillow")


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except ModuleNotFoundError:
            from wagtail_cohorts import __version__

            found[name] = __version__
    return found


def machine() -> dict[str, object]:
    from django.db import connection

    return {
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "database": f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}",
    }


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000, 1)
