"""What people type about themselves, checked and in one form; every refusal is a ValueError with one sentence."""

import re
import unicodedata

from core.accounts.permissions import Role

_SPECIAL = r'\s@<>()\[\]",;:\\/'
_LABEL = rf"[^{_SPECIAL}.-](?:[^{_SPECIAL}.]{{0,61}}[^{_SPECIAL}.-])?"
_EMAIL = re.compile(rf"[^{_SPECIAL}]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")


def clean_email(email: str) -> str:
    """The address in lower case and NFC, at most 254 characters."""
    cleaned = unicodedata.normalize("NFC", email).strip().lower()
    if len(cleaned) > 254 or not _EMAIL.fullmatch(cleaned) or _has_invisible(cleaned):
        raise ValueError(f"“{shown(email)}” isn't an e-mail address; it should look like ana@example.org.")
    return cleaned


def clean_name(name: str | None, email: str) -> str:
    """The name on one line, at most 120 characters; without one, what stands before the @."""
    cleaned = " ".join(unicodedata.normalize("NFC", name or "").split()) or email.partition("@")[0]
    if len(cleaned) > 120 or _has_invisible(cleaned.replace("\u200c", "").replace("\u200d", "")):
        raise ValueError(f"“{shown(cleaned)}” can't be a name: use at most 120 letters, without control characters.")
    return cleaned


def clean_title(title: str, what: str) -> str:
    """The name of a programme or cohort on one line, 1 to 200 characters."""
    cleaned = " ".join(unicodedata.normalize("NFC", title).split())
    if not 1 <= len(cleaned) <= 200 or _has_invisible(cleaned):
        raise ValueError(f"The name of a {what} must have 1 to 200 characters, none of them control characters.")
    return cleaned


def clean_role(role: str) -> Role:
    """The role of that name."""
    try:
        return Role(role.strip().lower())
    except ValueError:
        raise ValueError(f"“{shown(role)}” isn't a role; the roles are {', '.join(Role)}.") from None


def shown(text: str) -> str:
    """The beginning of what was typed, fit for a message on one line."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text.strip())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _has_invisible(text: str) -> bool:
    """Control characters, direction marks and lone surrogates, by which two texts can look alike or break a line.

    The zero-width joiners that some scripts are written with count too; names leave them out before they ask.
    """
    return any(unicodedata.category(letter).startswith("C") for letter in text)
