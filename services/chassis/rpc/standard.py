"""The interceptors of every service, in their order."""

from collections.abc import Callable
from datetime import datetime

from services.chassis.identity.identity import Authenticator
from services.chassis.quotas import Quotas
from services.chassis.rpc.exchange import Interceptor
from services.chassis.rpc.interceptors.context import Context
from services.chassis.rpc.interceptors.disclosure import BeforeChange, Disclosure, OnReveal
from services.chassis.rpc.interceptors.errors import Errors, OnRefusal
from services.chassis.rpc.interceptors.identity import Identity
from services.chassis.rpc.interceptors.metrics import Measure
from services.chassis.rpc.interceptors.rationing import Rationing
from services.chassis.rpc.interceptors.validation import Validation
from services.chassis.telemetry.metrics import Metrics


def standard_interceptors(
    *,
    metrics: Metrics,
    staff: Authenticator,
    now: Callable[[], datetime],
    partners: Authenticator | None = None,
    certificates: Authenticator | None = None,
    on_reveal: OnReveal | None = None,
    before_change: BeforeChange | None = None,
    on_refusal: OnRefusal | None = None,
    quotas: Quotas | None = None,
) -> tuple[Interceptor, ...]:
    """Outermost first: context and access log, metrics, errors, identity, quotas, validation, disclosure.

    Errors stand outside identity and validation, because what these raise has to be mapped as well.
    """
    return (
        Context(),
        Measure(metrics),
        Errors(on_refusal),
        Identity(staff, partners, now, certificates),
        *([] if quotas is None else [Rationing(quotas)]),
        Validation(),
        Disclosure(metrics, on_reveal, before_change),
    )
