"""Everything that can be configured: `docs-chat.toml`, overridden by the environment, overridden by flags."""

from __future__ import annotations

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from docs_index.errors import UserError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from docs_chat.cost import Price, price_of
from docs_chat.origins import find_mistake

CONFIG_NAME = "docs-chat.toml"
ENV_PREFIX = "DOCS_CHAT_"
STATE_FOLDER = ".docs-chat"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def split_list(value: object) -> object:
    """A list from the environment: JSON (`["a","b"]`) or simply `a,b`."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def read_list(value: object) -> object:
    """A list from the environment, as JSON."""
    return json.loads(value) if isinstance(value, str) else value


StringList = Annotated[list[str], BeforeValidator(split_list)]


class Section(BaseModel):
    """A table of the file: a key that is not here is a mistake."""

    model_config = ConfigDict(extra="forbid")


class HelpLink(Section):
    """Where a reader can ask a person."""

    label: str
    """What the link says."""
    url: str
    """Where it goes."""


class PriceSettings(Section):
    """A model's price in US dollars for a million tokens."""

    input: float = Field(ge=0)
    """What the model reads."""
    cached_input: float = Field(ge=0)
    """What it has read shortly before."""
    output: float = Field(ge=0)
    """What it writes, its reasoning included."""

    def to_price(self) -> Price:
        return Price(self.input, self.cached_input, self.output)


class AnswerSettings(Section):
    """How answers are made."""

    engine: Literal["auto", "extractive", "openai"] = "auto"
    """`auto` takes `openai` when a key or a base URL is in the environment, `extractive` otherwise."""
    model: str = "gpt-6-luna"
    """The model's name, as the provider knows it."""
    api: Literal["responses", "chat"] = "responses"
    """OpenAI's Responses API, or Chat Completions for compatible servers."""
    max_output_tokens: int = Field(default=4096, ge=16)
    """The longest answer in tokens, the model's reasoning included."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """Sent only when set: reasoning models refuse it."""
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    """How long a reasoning model thinks. Sent only when set."""
    passages_tokens: int = Field(default=3000, ge=200)
    """How many tokens of the docs go with a question."""
    history_tokens: int = Field(default=1500, ge=0)
    """How many tokens of the conversation go with a question."""
    map_tokens: int = Field(default=800, ge=0)
    """How many tokens the list of the docs' pages may take; 0 sends none."""
    searches: int = Field(default=3, ge=0, le=3)
    """How many more times the model may search for one answer; 0 offers it no tool."""
    rewrite: bool = True
    """Let the model rewrite a follow-up question before it is searched."""
    cache_days: float = Field(default=7, ge=0)
    """How long a model's answer is given again to the same question; 0 keeps none. Use 0 for private docs."""
    mark_unsupported: bool = False
    """Mark a model's sentences whose numbers or code stand in nothing that they cite. It misses half of them."""
    moderation: bool = False
    """Have the provider check each question before the model gets it. What it flags is not answered."""
    price: PriceSettings | None = None
    """What the model costs, when it is none whose price is known."""
    connect_seconds: float = Field(default=5, gt=0)
    """How long connecting to the provider may take."""
    idle_seconds: float = Field(default=30, gt=0)
    """How long the provider may be silent within an answer."""
    total_seconds: float = Field(default=120, gt=0)
    """How long a whole answer may take."""

    def find_price(self) -> Price | None:
        """The model's price: the owner's, else the list price; None when it is not known."""
        return price_of(self.model, self.price.to_price() if self.price else None)


class LimitSettings(Section):
    """What one reader may ask for."""

    enabled: bool = True
    """Off only for local experiments."""
    questions_per_minute: int = Field(default=20, ge=1)
    """For one identity, and again for one address."""
    questions_per_day: int = Field(default=300, ge=1)
    """For one identity, and ten times that for one address."""
    site_questions_per_minute: int = Field(default=600, ge=1)
    """For all readers together."""
    identities_per_hour: int = Field(default=120, ge=1)
    """New anonymous readers from one address."""
    answers_at_once: int = Field(default=100, ge=1)
    """How many answers one server gives at the same time."""
    answers_at_once_per_reader: int = Field(default=3, ge=1)
    """For one identity, and ten times that for one address."""
    max_question_chars: int = Field(default=4000, ge=1)
    """The longest question."""


class BudgetSettings(Section):
    """What the model may cost in a day (UTC). When it is used up the docs are quoted instead."""

    usd_per_day: float | None = Field(default=10, ge=0)
    """US dollars, by the model's price."""
    tokens_per_day: int | None = Field(default=None, ge=0)
    """Tokens that the model reads and writes."""


class VisibilityRule(Section):
    """Pages that are for one group of readers."""

    path: str
    """A glob for source files (`docs/internal/**`) or addresses (`/docs/internal/**`)."""
    group: str
    """The group, as the claim names it; `public` for everybody."""


class IdentitySettings(Section):
    """The anonymous tokens that keep one reader's threads from another's."""

    days: int = Field(default=30, ge=1)
    """How long a token is good for."""
    challenge: Literal["turnstile", "hcaptcha"] | None = None
    """Who tells a new reader from a script: Cloudflare Turnstile or hCaptcha. The plugin needs the same option."""


class StoreSettings(Section):
    """What becomes of the readers' conversations."""

    retention_days: float = Field(default=0, ge=0)
    """Conversations in which nothing was written for so many days are deleted; 0 keeps them."""
    redact: bool = False
    """Take keys, tokens, passwords in addresses and e-mail addresses out of what is stored."""


class AttachmentSettings(Section):
    """Files that readers add to their questions, for a model to read."""

    enabled: bool = False
    """Take files at all."""
    types: Annotated[list[Literal["text", "image"]], BeforeValidator(split_list)] = ["text", "image"]
    """`text` is any text in UTF-8; `image` is PNG, JPEG, GIF and WebP, for a model that sees."""
    max_mb: float = Field(default=5, gt=0, le=20)
    """The largest file, in MiB."""
    max_files: int = Field(default=3, ge=1, le=10)
    """How many files one question may have."""
    hours: float = Field(default=24, gt=0)
    """How long a file is kept; it goes earlier with its conversation."""
    tokens: int = Field(default=2000, ge=100)
    """How many tokens of its files go with a question; of a longer text the middle is left out."""
    mb_per_day: float = Field(default=50, gt=0)
    """How much one reader may send in a day, in MiB, and ten times that for one address."""
    site_mb_per_day: float = Field(default=1000, gt=0)
    """How much all readers together may send in a day."""
    url: str = ""
    """Where readers reach this server, when a proxy puts a path in front of it: `https://example.com/chat`."""

    @field_validator("url")
    @classmethod
    def check_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc):
            raise ValueError(f"`{url}` is no address such as https://example.com/chat")
        return url


class DictationSettings(Section):
    """Spoken questions, which a model of the provider writes down."""

    enabled: bool = False
    """Take recordings at all."""
    model: str = "gpt-4o-mini-transcribe"
    """The model that writes them down."""
    max_kb: int = Field(default=1024, ge=16, le=8192)
    """The largest recording, in KiB: about a minute of what browsers record."""
    usd_per_minute: float | None = Field(default=None, ge=0)
    """What it costs, where it is not one of OpenAI's."""


class AuditSettings(Section):
    """Who asked what, and when."""

    file: Path | None = None
    """One JSON line for each question and search. Not set: nothing is written down."""


class MetricsSettings(Section):
    """What Prometheus may read. Off unless there is a port of its own or a token (`DOCS_CHAT_METRICS_TOKEN`)."""

    host: str = "127.0.0.1"
    """The address to answer on at that port."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """A port that readers cannot reach: no token is asked for there."""


class TracingSettings(Section):
    """Traces for OpenTelemetry. They are sent where `OTEL_EXPORTER_OTLP_ENDPOINT` says; not set: there are none."""

    propagate: bool = False
    """Hand the trace on with requests to the model's provider: for a gateway of yours that traces too."""


class AuthSettings(Section):
    """Readers who sign in elsewhere and come with a JSON Web Token of theirs."""

    mode: Literal["anonymous", "both", "required"] = "anonymous"
    """Who may ask: readers without a name, those who sign in too, or only those who sign in."""
    issuer: str = ""
    """`iss` of the tokens, exactly."""
    audience: str = ""
    """What must be in the tokens' `aud`."""
    jwks_url: str = ""
    """Where the issuer's public keys are: https, or http on this machine."""
    algorithms: Annotated[list[Literal["RS256", "ES256", "EdDSA"]], BeforeValidator(split_list)] = [
        "RS256",
        "ES256",
        "EdDSA",
    ]
    """The signatures that count."""
    leeway_seconds: float = Field(default=30, ge=0, le=60)
    """How far the issuer's clock may be from this one."""
    keys_minutes: float = Field(default=60, gt=0)
    """How long the keys are used before they are fetched again."""
    keys_grace_hours: float = Field(default=24, ge=0)
    """How long the last keys are used further while they cannot be fetched."""
    groups_claim: str = "groups"
    """The claim that names a reader's groups; dots lead into objects."""

    @model_validator(mode="after")
    def check(self) -> AuthSettings:
        if self.mode == "anonymous":
            return self
        missing = [name for name in ("issuer", "audience", "jwks_url") if not getattr(self, name)]
        if missing:
            raise ValueError(f"mode `{self.mode}` needs {', '.join(missing)}")
        if not self.algorithms:
            raise ValueError("algorithms is empty")
        url = urlsplit(self.jwks_url)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("jwks_url must begin with https://")
        return self


class Settings(Section):
    """The whole configuration. Secrets come from the environment only."""

    index: str = ""
    """Where the index is: a folder or `s3://…`. Default: `.docs-chat/index` in the site folder."""
    index_cache: Path | None = None
    """Where the index from object storage is kept on this machine. Default: `.docs-chat/cache` in the site folder."""
    site: Path | None = None
    """A site folder or its build folder; when set, the built site is served too."""
    database_url: str = ""
    """SQLAlchemy URL of the database. Default: an SQLite file `chat.db` beside the index."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port to listen on; 0 takes a free one."""
    allowed_origins: StringList = []
    """Origins of sites on other hosts that may use this server; a `*` in the first part of a host stands for a part of
    it. Empty: the same origin only."""
    trusted_proxies: StringList = ["127.0.0.1", "::1"]
    """Addresses or networks (`10.0.0.0/8`) of your own proxies, whose `X-Forwarded-For` is believed."""
    grace_seconds: float = Field(default=8, ge=0)
    """How long answers may go on after SIGTERM."""
    log_format: Literal["text", "json"] = "text"
    """Lines for people, or JSON for what collects them."""
    embedder: str = "local"
    """What makes vectors of text: `local`, `openai[:model[@dim]]`, `onnx:<folder>` or `none`."""
    locales: StringList = []
    """The locales to index. Empty: all of them."""
    keep: int = Field(default=5, ge=2)
    """How many snapshots stay that are or were live, and again how many of previews."""
    visibility: Annotated[list[VisibilityRule], BeforeValidator(read_list)] = []
    """Which pages are for a group of readers only. The last rule that matches counts; front matter comes first."""
    help_link: HelpLink | None = None
    """Offered when the docs have no answer."""
    answer: AnswerSettings = AnswerSettings()
    limits: LimitSettings = LimitSettings()
    budget: BudgetSettings = BudgetSettings()
    identity: IdentitySettings = IdentitySettings()
    auth: AuthSettings = AuthSettings()
    store: StoreSettings = StoreSettings()
    attachments: AttachmentSettings = AttachmentSettings()
    dictation: DictationSettings = DictationSettings()
    audit: AuditSettings = AuditSettings()
    metrics: MetricsSettings = MetricsSettings()
    tracing: TracingSettings = TracingSettings()

    secret_key: SecretStr | None = None
    """Signs identities; several keys with commas between, the newest first. Environment only."""
    openai_api_key: SecretStr | None = None
    """The provider's key. Environment only."""
    openai_base_url: str | None = None
    """Another OpenAI-compatible server. Environment only."""
    challenge_secret: SecretStr | None = None
    """Your secret at Turnstile or hCaptcha. Environment only."""
    redis_url: SecretStr | None = None
    """`redis://…`: several servers count requests per minute together. Environment only."""

    metrics_token: SecretStr | None = None
    """Lets `GET /metrics` be read with it. Environment only."""

    @field_validator("allowed_origins")
    @classmethod
    def check_origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            mistake = find_mistake(origin)
            if mistake:
                raise ValueError(f"`{origin}` {mistake}")
        return origins

    @field_validator("trusted_proxies")
    @classmethod
    def check_proxies(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            try:
                ip_network(proxy)
            except ValueError:
                raise ValueError(f"`{proxy}` is neither an address nor a network such as 10.0.0.0/8") from None
        return proxies

    @property
    def engine(self) -> Literal["extractive", "openai"]:
        """The engine that answers, `auto` resolved."""
        if self.answer.engine != "auto":
            return self.answer.engine
        return "openai" if self.has_provider else "extractive"

    @property
    def has_provider(self) -> bool:
        """Whether there is somebody to ask for a model's work."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, None for another database or one in memory."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") and path not in ("", ":memory:") else None

    @property
    def secret_file(self) -> Path:
        """Where a generated secret key is kept: beside the database, else in the working folder."""
        database = self.sqlite_file
        return (database.parent if database else Path(STATE_FOLDER)) / "secret.key"


SECRETS = (
    "secret_key",
    "openai_api_key",
    "openai_base_url",
    "challenge_secret",
    "redis_url",
    "metrics_token",
)


def describe_choices(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    """The keys that a table has, `path` leading to it from the top."""
    for key in path:
        annotation: Any = model.model_fields[key].annotation
        candidates = [annotation, *getattr(annotation, "__args__", ())]
        tables = [item for item in candidates if isinstance(item, type) and issubclass(item, BaseModel)]
        if not tables:
            raise UserError(f"`{'.'.join(path)}` is a single value, not a table.")
        model = tables[0]
    return [key for key in model.model_fields if key not in SECRETS]
