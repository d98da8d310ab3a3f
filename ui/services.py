"""The services of this process, built once.

They live in a module and not in st.cache_resource, which any client can clear; Home.py as launcher and as script are two
modules, but both find this one.
"""

import threading

from core.bootstrap import Services, build
from core.config import Settings
from core.engines.base import ServiceError

_lock = threading.Lock()
_services: Services | None = None


def services() -> Services:
    """The process's services, started."""
    global _services
    with _lock:
        if _services is None:
            built = build(Settings())
            try:
                built.start()
            except ServiceError:
                built.stop()
                raise
            _services = built
        return _services


def reset() -> None:
    """Stop and forget the services, so that the next call builds them from the settings of that moment."""
    global _services
    with _lock:
        if _services is not None:
            _services.stop()
            _services = None
