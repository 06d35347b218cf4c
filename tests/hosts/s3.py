"""A server in this process that speaks S3's protocol, and django-storages as a site would set it up."""

from __future__ import annotations

import logging
import threading
from functools import cache
from typing import Any

import boto3
from django.conf import settings
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

BUCKETS = ("public", "private")
KEYS = {"access_key": "testing", "secret_key": "testing"}


@cache
def address() -> str:
    """Starts the server, once in a process; it ends with the process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"], aws_secret_access_key=KEYS["secret_key"],
    )  # fmt: skip
    for bucket in BUCKETS:
        client.create_bucket(Bucket=bucket)
    return f"http://{host}:{port}"


def options(bucket: str) -> dict[str, Any]:
    return {**KEYS, "bucket_name": bucket, "region_name": "us-east-1", "default_acl": "private"}


class SharedS3(S3Storage):
    """django-storages, with the address of the server and one connection for all tests of a thread.

    Keys begin with the folder that a plain host would use, since each test has one of its own.
    """

    _shared = threading.local()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, endpoint_url=address())

    @property
    def location(self) -> str:
        return str(settings.WAGTAIL_COHORTS_FILES_ROOT).lstrip("/")

    @location.setter
    def location(self, value: str) -> None: ...

    @property
    def connection(self) -> Any:
        if not hasattr(self._shared, "connection"):
            self._shared.connection = super().connection
        return self._shared.connection
