"""Training places: recorded, changed, cancelled."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.flows.training import TrainingFacts, TrainingPlace
from services.talent.store import repository, schema
from services.talent.store.people import flows


@dataclass(frozen=True)
class Training:
    """The use cases of training places."""

    catalogue: Catalogue
    axes: Axes
    clock: Clock
    ids: Ids

    def get(self, session: Session, id_: str) -> TrainingPlace:
        """The record. Raises NotFound."""
        found = flows.training_place(session, id_)
        if found is None:
            raise NotFound.resource(f"trainingPlaces/{id_}")
        return found

    def make(self, facts: TrainingFacts, origin: str, actor: str) -> TrainingPlace:
        """A record that is not kept yet. Raises InvalidArgument."""
        return TrainingPlace.register(
            facts, id_=self.ids.new(), origin=origin, actor=actor, axes=self.axes, now=self.clock.now()
        )

    def register(self, session: Session, facts: TrainingFacts, origin: str, actor: str) -> TrainingPlace:
        """A new record. Raises InvalidArgument, or AlreadyExists if the source number is taken."""
        place = self.make(facts, origin, actor)
        taken = repository.by_refs(session, TrainingPlace, schema.training_place, [place.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{place.ref}”已登记，请改用更新",
                    f"the source number {place.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"trainingPlaces/{taken[place.ref].id}"},
            )
        session.add(place)
        session.flush()
        return place

    def revise(self, session: Session, place: TrainingPlace, facts: TrainingFacts) -> bool:
        """Replace the facts. Raises InvalidArgument, FailedPrecondition for cancelled places."""
        changed = place.revise(facts, axes=self.axes, now=self.clock.now())
        session.flush()
        return changed

    def cancel(self, session: Session, place: TrainingPlace, reason: str, actor: str) -> None:
        """Nobody will come. Raises InvalidArgument without a reason."""
        place.cancel(reason, actor, self.clock.now())
        session.flush()
