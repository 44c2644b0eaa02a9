"""What every command shares: settings, language, output, identity and the channels to the services."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import grpc

from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings, load_settings
from services.chassis.tls import channel_credentials
from services.cli import contexts
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.rehearsing import NOTHING_WRITTEN, OnlyReading, Rehearsing
from services.kernel.errors import Unauthenticated
from services.kernel.text import Language, Text

if TYPE_CHECKING:
    from services.chassis.identity.identity import Principal

_CONTRACTS = {
    "talent": (
        "library_service",
        "assertion_service",
        "consent_service",
        "team_service",
        "nomination_service",
        "position_service",
        "shortage_service",
        "shortage_release_service",
        "report_service",
        "evidence_service",
        "import_service",
        "export_service",
        "act_application_service",
        "act_approval_service",
        "progress_service",
    ),
    "funding": (
        "firm_service",
        "firm_report_service",
        "fund_service",
        "capital_service",
        "deal_service",
        "indicator_service",
        "intellectual_property_service",
        "investment_service",
        "loan_service",
        "reinvestment_service",
        "round_service",
        "committee_service",
        "interest_service",
        "deal_document_service",
        "deal_note_service",
        "dossier_service",
        "screening_service",
        "mandate_service",
        "compliance_service",
        "deal_analysis_service",
        "saved_search_service",
        "progress_service",
    ),
    "matcher": (
        "match_run_service",
        "matching_service",
        "partner_certificate_service",
        "partner_erasure_service",
        "partner_service",
        "partner_topic_service",
        "progress_service",
        "proposal_service",
        "webhook_service",
    ),
}
TOKEN_FILE = "token"  # noqa: S105 (the name of the file, not a token)


def language_of(chosen: str | None) -> Language:
    """`--lang`, else English if LANG begins with `en`, else Chinese."""
    wanted = chosen or os.environ.get("LANG", "")
    return "en" if wanted.lower().startswith("en") else "zh"


@dataclass
class Session:
    """One command's surroundings. `token` overrides what `bole login` left; with a context, its secrets alone are
    sent.
    """

    settings: Settings
    output: Output
    purpose: str | None = None
    token: str | None = None
    partner_key: str | None = None
    context: contexts.Context | None = None
    rehearsing: Rehearsing | None = None
    watching: OnlyReading | None = None
    _channels: dict[str, grpc.Channel] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Language of everything that is shown."""
        return self.output.language

    @property
    def caller(self) -> "Principal | None":
        """Whom the token that is sent says that it is of; None for a certificate, and for a partner's key. Raises
        Unauthenticated without any.
        """
        from services.chassis.identity.tokens import claimed

        token = None if self.partner_key else self._token()
        return None if token is None else claimed(token)

    def speak_as_partner(self, key: str) -> None:
        """Show a partner's key: the one given, else that of the context; without any, speak as staff."""
        self.partner_key = key or (self.context.key if self.context else "") or None

    def channel(self, service: str) -> grpc.Channel:
        """The channel to `talent`, `funding` or `matcher`, signed in.

        Raises Unauthenticated without a token, unless there is a certificate that may name its holder;
        InvalidArgument for a service of which the context does not say where it is.
        """
        if service not in self._channels:
            if self.context is not None:
                self.context.require_place(service, os.environ)
            key, token = self.partner_key, None if self.partner_key else self._token()
            opened = open_channel(
                getattr(self.settings, f"{service}_address"),
                services=_service_names(service),
                token=None if token is None else lambda: token,
                partner_key=None if key is None else lambda: key,
                purpose=self.purpose,
                credentials=channel_credentials(self.settings.tls_dir, datetime.now(UTC)),
            )
            asked = [each for each in (self.rehearsing, self.watching) if each is not None]
            self._channels[service] = grpc.intercept_channel(opened, *asked) if asked else opened
        return self._channels[service]

    def close(self) -> None:
        """Close all channels, and say if what was done was only checked."""
        if self.rehearsing is not None and self.rehearsing.rehearsed:
            self.output.say(NOTHING_WRITTEN)
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _token(self) -> str | None:
        if self.token is not None:
            return self.token
        if self.context is not None:
            return self._token_of(self.context)
        path = token_path(self.settings)
        if not path.exists():
            if self.settings.tls_dir is not None:
                return None
            raise Unauthenticated(
                Text("尚未登录，请先运行 bole login", "not signed in; run `bole login` first"),
                reason="NOT_SIGNED_IN",
            )
        return path.read_text().strip()

    def _token_of(self, context: contexts.Context) -> str | None:
        if context.token:
            return context.token
        if self.settings.tls_dir is not None:
            return None
        add = f"bole context add {context.name} --token-file FILE"
        raise Unauthenticated(
            Text(
                f"连接（{context.name}）没有员工令牌，请运行 {add}",
                f"the context ({context.name}) has no staff token; run `{add}`",
            ),
            reason="NOT_SIGNED_IN",
        )


def token_path(settings: Settings) -> Path:
    """Where `bole login` keeps the token of this installation."""
    return settings.data_dir / TOKEN_FILE


def settings_of_environment(**given: str) -> Settings:
    """The settings of the environment, some replaced. Raises ConfigurationError for a wrong one."""
    environ = contexts.of_services(os.environ)
    return load_settings({**environ, **{f"BOLE_{name.upper()}": value for name, value in given.items()}})


def settings_of_context(context: contexts.Context | None) -> Settings:
    """The settings of the environment; what it leaves unsaid as a context says it. Raises ConfigurationError."""
    return settings_of_environment(**(context.unsaid_by(os.environ) if context else {}))


def open_session(
    language: str | None = None,
    format_: Format = Format.TABLE,
    file: Path | None = None,
    purpose: str | None = None,
    *,
    check: bool = False,
    watch: bool = False,
    here: bool = False,
) -> Session:
    """A session from the environment and the context in use. `check`: changes are validated only; `watch`: they are
    refused; `here`: with this machine's installation.

    Raises ConfigurationError for a wrong setting, or a context that is not known.
    """
    context = None if here else contexts.in_use(os.environ)
    settings = settings_of_context(context)
    output = Output(format_, language_of(language), file)
    return Session(
        settings,
        output,
        purpose,
        context=context,
        rehearsing=Rehearsing() if check else None,
        watching=OnlyReading() if watch else None,
    )


def _service_names(service: str) -> list[str]:
    """Full names of the gRPC services of `talent`, `funding` or `matcher`; their modules get loaded."""
    modules = [import_module(f"bole.{service}.v1.{name}_pb2") for name in _CONTRACTS[service]]
    return [each.full_name for module in modules for each in module.DESCRIPTOR.services_by_name.values()]
