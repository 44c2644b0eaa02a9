"""The error tree. Domains raise these; `chassis.rpc.status` maps each class once to a gRPC status.

    BoleError
    ├── InvalidArgument      the request itself is wrong, whatever the state; lists every violation
    ├── OutOfRange           a position that is no longer there (expired resume token)
    ├── Unauthenticated      no identity, or one that cannot be verified
    ├── PermissionDenied     identified, and not allowed (raised before existence is checked)
    ├── NotFound             no such resource
    ├── AlreadyExists        the natural key or the request id is taken
    ├── FailedPrecondition   right request, wrong state; lists what is missing
    ├── Aborted              a stale etag; read again and retry
    ├── ResourceExhausted    a limit: size, rate, queue
    └── Unavailable          a dependency is down; retry later

A message says what is wrong, by which rule, and what to do, in the caller's terms and in both languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule at one place of the request (`field` is its path) or of the state."""

    field: str
    reason: str
    text: Text


class BoleError(Exception):
    """Root of the tree. `reason` is UPPER_SNAKE and stable; `metadata` carries the dynamic parts."""

    default_reason = "ERROR"

    def __init__(
        self,
        text: Text,
        *,
        reason: str | None = None,
        violations: Sequence[Violation] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(text))
        self.text = text
        self.reason = reason or self.default_reason
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})

    def renamed(self, fields: Mapping[str, str]) -> "BoleError":
        """The same error in the caller's words: `fields` maps our field names to the caller's."""
        named = [replace(each, field=fields.get(each.field, each.field)) for each in self.violations]
        return type(self)(self.text, reason=self.reason, violations=named, metadata=self.metadata)


class InvalidArgument(BoleError):
    """The request is wrong whatever the state of the system."""

    default_reason = "INVALID_ARGUMENT"

    @classmethod
    def of(cls, *violations: Violation) -> "InvalidArgument":
        """One error that names all violations at once; its reason is the first one's."""
        return cls(
            Text("；".join(v.text.zh for v in violations), "; ".join(v.text.en for v in violations)),
            reason=violations[0].reason,
            violations=violations,
        )

    @classmethod
    def field(cls, field: str, reason: str, zh: str, en: str) -> "InvalidArgument":
        """The common case: one field breaks one rule."""
        return cls.of(Violation(field, reason, Text(zh, en)))


class OutOfRange(BoleError):
    """The position asked for is no longer available."""

    default_reason = "OUT_OF_RANGE"


class Unauthenticated(BoleError):
    """No identity was given, or it cannot be verified."""

    default_reason = "UNAUTHENTICATED"


class PermissionDenied(BoleError):
    """The caller is known and not allowed; says nothing about whether the resource exists."""

    default_reason = "PERMISSION_DENIED"


class NotFound(BoleError):
    """The resource does not exist (or the caller may not know that it does)."""

    default_reason = "NOT_FOUND"

    @classmethod
    def resource(cls, name: str) -> "NotFound":
        """The common case: nothing has this resource name."""
        return cls(
            Text(f"找不到 {name}，请核对名称", f"{name} does not exist; check the name"),
            metadata={"resource": name},
        )


class AlreadyExists(BoleError):
    """The natural key, or the request id with other content, is taken."""

    default_reason = "ALREADY_EXISTS"


class FailedPrecondition(BoleError):
    """The request is right, the state is not."""

    default_reason = "FAILED_PRECONDITION"


class Aborted(BoleError):
    """Somebody else changed the resource first."""

    default_reason = "ABORTED"

    @classmethod
    def stale(cls, name: str, current_etag: str) -> "Aborted":
        """The etag given is not the resource's current one."""
        return cls(
            Text(
                f"{name} 已被他人修改，请重新读取后再提交",
                f"{name} was changed by somebody else; read it again and resubmit",
            ),
            reason="STALE_ETAG",
            metadata={"resource": name, "currentEtag": current_etag},
        )


class ResourceExhausted(BoleError):
    """A limit was hit."""

    default_reason = "RESOURCE_EXHAUSTED"


class Unavailable(BoleError):
    """Something this service depends on is down for the moment."""

    default_reason = "UNAVAILABLE"
