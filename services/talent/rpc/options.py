"""Which steps of a release or a report a caller may take, and why not the others."""

from collections.abc import Iterator, Mapping

from google.protobuf.descriptor import ServiceDescriptor

from services.chassis.policy import require_call
from services.chassis.rpc.call import Call
from services.kernel.errors import BoleError
from services.kernel.text import Text
from services.talent.domain.release.lifecycle import Action, Life, Step

_SOME_REMARK = "-"


def options(
    life: Life, methods: Mapping[Action, str], service: ServiceDescriptor, call: Call
) -> Iterator[tuple[Action, Text | None]]:
    """Each step with what the caller would be told; None if it could be taken. `methods` that take them, by name."""
    for action, method in methods.items():
        why = None
        try:
            life.take(Step(action, call.principal.subject, call.arrived, _SOME_REMARK))
            require_call(call.principal, service.methods_by_name[method], call.arrived)
        except BoleError as refusal:
            why = refusal.text
        yield action, why
