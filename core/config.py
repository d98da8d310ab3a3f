"""Settings, loaded once from the environment and .streamlit/secrets.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from core.accounts.mail import Security
from core.accounts.providers import Auth
from core.budgets.costs import Price, Prices
from core.budgets.limits import Limit, Limits

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"


class Settings(BaseSettings):
    """Every setting and its default; the environment wins over secrets.toml.

    Names are VIVA_<FIELD> in both places, except OPENAI_API_KEY, OPENAI_BASE_URL and the file's section [auth].
    """

    model_config = SettingsConfigDict(
        env_prefix="VIVA_", frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = None
    data_dir: Path = ROOT / "var"
    prompts_dir: Path = ROOT / "prompts"

    engine: Literal["auto", "openai", "offline"] = "auto"
    openai_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("OPENAI_API_KEY", "VIVA_OPENAI_API_KEY", "openai_api_key")
    )
    openai_base_url: str | None = Field(
        None, validation_alias=AliasChoices("OPENAI_BASE_URL", "VIVA_OPENAI_BASE_URL", "openai_base_url")
    )
    chat_model: str = "gpt-5.4-mini"
    grade_model: str = "gpt-5.4-mini"
    speech_model: str = "gpt-transcribe"
    """Empty turns speech recognition off, for servers that have none."""
    speaker: str = ""
    """A plug-in that reads questions aloud on a server, as package.module:function; empty leaves that to the browser."""
    model_seconds: float = 60.0
    """The longest that one model call may take in all."""

    workers: int = Field(4, ge=1, le=64)
    lease_seconds: float = Field(10.0, ge=0.2)
    """How long a dead process keeps its jobs; a living one renews its leases."""

    budget_day_calls: int = Field(500, ge=0)
    """What one person may use of the model in a day (UTC): calls, tokens read and written, seconds of audio."""
    budget_day_tokens: int = Field(2_000_000, ge=0)
    budget_day_seconds: int = Field(7_200, ge=0)
    budget_month_calls: int = Field(200_000, ge=0)
    """What a programme may use in a month; administrators can set other budgets for a programme."""
    budget_month_tokens: int = Field(500_000_000, ge=0)
    budget_month_seconds: int = Field(2_000_000, ge=0)
    price_chat_in: float = Field(0.0, ge=0)
    """Prices of a million tokens read and written, and of a minute of audio: for showing the cost, and for nothing else."""
    price_chat_out: float = Field(0.0, ge=0)
    price_grade_in: float = Field(0.0, ge=0)
    price_grade_out: float = Field(0.0, ge=0)
    price_audio: float = Field(0.0, ge=0)
    price_currency: str = "USD"

    demo: bool = False
    secure_cookies: bool = False
    allowed_origins: list[str] = []
    auth: Auth | None = None
    """Identity providers; in the environment as JSON."""

    public_url: str = ""
    """Where people find this server, such as https://viva.example.org: what links in e-mails begin with."""
    smtp_host: str = ""
    """The mail server; without one, links are shown for copying only."""
    smtp_port: int = 587
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""

    mysql_ca: Path | None = None
    """CA bundle of the database server (for AWS RDS its global bundle): turns verified TLS on."""

    @model_validator(mode="after")
    def _can_write_letters(self) -> Self:
        if self.public_url and not re.fullmatch(r"https?://[^/\s]+", self.public_url):
            raise ValueError("VIVA_PUBLIC_URL must be like https://viva.example.org, without a path.")
        if self.smtp_host and not (self.public_url and self.smtp_from):
            raise ValueError("With VIVA_SMTP_HOST, VIVA_PUBLIC_URL and VIVA_SMTP_FROM must be set, too.")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError(
                "VIVA_SMTP_USER needs VIVA_SMTP_SECURITY=starttls or tls: a password is not sent in the clear."
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, InitSettingsSource(settings_cls, read_secrets(SECRETS))

    @property
    def url(self) -> str:
        """The database URL; without one, a SQLite file in the data directory."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{self.data_dir / 'viva.db'}"

    @property
    def speech_host(self) -> str:
        """Where recordings are sent to be written down."""
        return urlsplit(self.openai_base_url or "https://api.openai.com").hostname or "the speech service"

    @property
    def limits(self) -> Limits:
        """What a person may use in a day, and a programme in a month."""
        day = Limit(self.budget_day_calls, self.budget_day_tokens, self.budget_day_seconds)
        return Limits(day, Limit(self.budget_month_calls, self.budget_month_tokens, self.budget_month_seconds))

    @property
    def prices(self) -> Prices:
        """What the model server charges."""
        chat, grade = Price(self.price_chat_in, self.price_chat_out), Price(self.price_grade_in, self.price_grade_out)
        return Prices(chat, grade, self.price_audio, self.price_currency)

    @property
    def uses_openai(self) -> bool:
        """Whether a model server is configured and wanted."""
        configured = self.openai_api_key is not None or self.openai_base_url is not None
        return self.engine == "openai" or (self.engine == "auto" and configured)


def read_secrets(path: Path) -> dict[str, Any]:
    """The fields in secrets.toml; ValueError with one sentence, and none of the secrets, when it isn't TOML."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} can't be read as TOML: {error}.") from None
    return {name.removeprefix("VIVA_").lower(): value for name, value in given.items()}
