"""Plug-ins that read questions aloud on a server; none ships with Viva, whose pages use the browser's own voices."""

from importlib import import_module

from core.config import Settings
from core.engines.base import Fault, ServiceError, Speaker


def load_speaker(settings: Settings) -> Speaker | None:
    """What `VIVA_SPEAKER` (package.module:function) makes of the settings; None where it is empty. Raises ServiceError."""
    if not settings.speaker:
        return None
    module, _, function = settings.speaker.partition(":")
    try:
        make = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        sentence = f"VIVA_SPEAKER can't be used: there is no “{settings.speaker[:80]}”, as package.module:function."
        raise ServiceError(Fault.NOT_CONFIGURED, sentence, retryable=False) from error
    speaker: Speaker = make(settings)
    return speaker
