"""An action of a deal or of a holding as the contract tells it: permitted or not, and why."""

from collections.abc import Sequence
from typing import Protocol

from bole.funding.v1 import deal_action_pb2
from services.chassis.rpc.wire import text_to_wire
from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.templates import outline
from services.kernel.errors import Violation
from services.kernel.text import Text


class Named(Protocol):
    """An action by its code and its word."""

    @property
    def name(self) -> str:
        """Code."""

    @property
    def label(self) -> Text:
        """Word."""


class View(Protocol):
    """An action as an actor sees it."""

    @property
    def action(self) -> Named:
        """What would be done."""

    @property
    def permitted(self) -> bool:
        """Whether the actor may do it now."""

    @property
    def reasons(self) -> Sequence[Violation]:
        """Why not."""

    @property
    def missing(self) -> Sequence[EvidenceKind]:
        """Documents that are to be handed in with it."""

    @property
    def roles(self) -> Sequence[Role]:
        """Who may do it."""


def action_to_wire(view: View, target: str = "") -> deal_action_pb2.DealAction:
    """One action. `target`: the state of the deal that it leads to; empty for a step of a holding."""
    return deal_action_pb2.DealAction(
        action=view.action.name,
        title=text_to_wire(view.action.label),
        permitted=view.permitted,
        reasons=[text_to_wire(each.text) for each in view.reasons],
        reason_codes=[each.reason for each in view.reasons],
        missing_evidence=[kind.name for kind in view.missing],
        missing_templates=[
            deal_action_pb2.EvidenceTemplate(
                kind=kind.name, title=text_to_wire(kind.label), outline=text_to_wire(outline(kind))
            )
            for kind in view.missing
        ],
        roles=[role.name.lower() for role in view.roles],
        role_titles=[text_to_wire(role.label) for role in view.roles],
        target_state=target,
    )
