"""The headers that every answer carries; they hold whatever a model or a learner gets into a page."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit

COMMON = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
    b"cross-origin-opener-policy": b"same-origin",
}


def extra_headers(path: str, present: set[bytes]) -> list[tuple[bytes, bytes]]:
    """The headers to add to an answer that has those `present`; a component may be framed by our own pages."""
    framed = path.startswith("/component/")
    wanted = {
        **COMMON,
        b"x-frame-options": b"SAMEORIGIN" if framed else b"DENY",
        b"content-security-policy": content_policy("'self'" if framed else "'none'").encode(),
    }
    if path.startswith("/media/"):
        wanted[b"cache-control"] = b"private, no-store"
    return [(name, value) for name, value in wanted.items() if name not in present or name == b"cache-control"]


@cache
def content_policy(frame_ancestors: str) -> str:
    """What Streamlit, its charts and both recorders need, and nothing from any other host."""
    return (
        f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {_inline_scripts()}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
        f"frame-ancestors {frame_ancestors}; base-uri 'self'; form-action 'self'; object-src 'none'"
    )


def _inline_scripts() -> str:
    """The hashes of the scripts that stand in Streamlit's own page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
