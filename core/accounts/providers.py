"""Identity providers, as the section [auth] of the secrets names them: the form that Streamlit documents for st.login."""

from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

OWN_NAME = "default"
"""The provider whose lines stand in [auth] itself."""


class Provider(BaseModel):
    """One provider: [auth.google] and the like."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    client_id: str
    client_secret: SecretStr
    server_metadata_url: str
    client_kwargs: dict[str, Any] = {}
    """What is added to the request, as scope or prompt."""
    title: str = ""
    """What it is called on the sign-in page."""
    trust_email: bool = False
    """Take its e-mail addresses without the claim email_verified: right for a directory that only its owner fills."""

    @field_validator("server_metadata_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("server_metadata_url must begin with https://.")
        return url


class Auth(BaseModel):
    """All providers; `redirect_uri` is this server's address with the path /oauth2callback."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    redirect_uri: str
    cookie_secret: SecretStr | None = None
    providers: dict[str, Provider]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, given: Any) -> Any:
        """Sections are providers by their name; a client_id beside them makes one more."""
        if not isinstance(given, dict) or "providers" in given:
            return given
        own = {key: value for key, value in given.items() if not isinstance(value, dict) or key == "client_kwargs"}
        named = {key: value for key, value in given.items() if key not in own}
        shared = {key: own.pop(key) for key in ("redirect_uri", "cookie_secret") if key in own}
        if own:
            named[OWN_NAME] = own
        return {**shared, "providers": named}

    @field_validator("redirect_uri")
    @classmethod
    def _ends_well(cls, uri: str) -> str:
        if not uri.startswith(("https://", "http://")) or not uri.endswith("/oauth2callback"):
            raise ValueError("redirect_uri must be Viva's own address with the path /oauth2callback.")
        return uri

    @field_validator("providers")
    @classmethod
    def _are_named(cls, providers: dict[str, Provider]) -> dict[str, Provider]:
        if not providers:
            raise ValueError("[auth] names no provider.")
        if bad := [name for name in providers if not name.isascii() or not name.isalnum()]:
            raise ValueError(f"{bad[0]!r} can't be a provider's name: use letters and digits.")
        return providers

    @property
    def origin(self) -> str:
        """Where people must sign in, for the cookie of the way out is read on the way back."""
        return self.redirect_uri.removesuffix("/oauth2callback")

    def titles(self) -> dict[str, str]:
        """What each provider is called, by its name."""
        return {name: provider.title or _TITLES.get(name, name.title()) for name, provider in self.providers.items()}


_TITLES = {OWN_NAME: "your organisation's account", "aws": "AWS", "azure": "Microsoft"}
