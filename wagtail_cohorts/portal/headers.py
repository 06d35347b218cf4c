"""The headers of every public answer: no frame, no store, no index, nothing from elsewhere."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Not no-referrer: with it browsers send "Origin: null", which Django's check of forms refuses. Neither of the
# two tells another site more than our host; the second keeps a token from our own log of referrers, too.
CLEAN_PAGE = "same-origin"
TOKEN_PAGE = "strict-origin"  # noqa: S105  a policy's name


def harden(response: HttpResponseBase, *, nonce: str, referrer: str = CLEAN_PAGE) -> HttpResponseBase:
    """Add what is not there yet: an answer that carries a file has a stricter policy of its own."""
    found = {
        "Content-Security-Policy": POLICY.format(nonce=nonce),
        "Referrer-Policy": referrer,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    for name, value in found.items():
        response.headers.setdefault(name, value)
    patch_vary_headers(response, ["Cookie"])
    return response
