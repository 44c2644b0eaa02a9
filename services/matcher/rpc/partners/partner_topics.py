"""PartnerTopicService: topics of partners' own on the log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.matcher.v1 import partner_topic_pb2, partner_topic_service_pb2_grpc
from bole.matcher.v1 import partner_topic_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import instant_to_wire
from services.kernel.errors import NotFound
from services.matcher.domain.partners.partner_topic import PartnerTopic
from services.matcher.rpc.once import once
from services.matcher.rpc.partners.partner_names import partner_of, partner_with
from services.matcher.service.partner_topics.opening import PartnerTopics
from services.matcher.store.partners import partner_topics as store


@dataclass(frozen=True)
class PartnerTopicRoom(partner_topic_service_pb2_grpc.PartnerTopicServiceServicer):
    """The servicer."""

    house: House
    topics: PartnerTopics

    def CreatePartnerTopic(
        self, request: wire.CreatePartnerTopicRequest, context: Any
    ) -> partner_topic_pb2.PartnerTopic:
        """Open a topic."""
        partner_id = partner_of(request.parent, current_call(), "parent")

        def act(session: Session) -> tuple[str, partner_topic_pb2.PartnerTopic]:
            made = self.topics.open(session, partner_id, from_start=request.from_start)
            return made.name, _wire(made)

        return once(self.house, "create-partner-topic", request, partner_topic_pb2.PartnerTopic, act)

    def GetPartnerTopic(
        self, request: wire.GetPartnerTopicRequest, context: Any
    ) -> partner_topic_pb2.PartnerTopic:
        """A topic and how far it has been told."""
        partner_id = partner_with("topic", request.name, current_call(), "name")
        with self.house.database.read() as session:
            found = store.get(session, partner_id)
            if found is None:
                raise NotFound.resource(request.name)
            return _wire(found)

    def DeletePartnerTopic(
        self, request: wire.DeletePartnerTopicRequest, context: Any
    ) -> wire.DeletePartnerTopicResponse:
        """Close a topic."""
        partner_id = partner_with("topic", request.name, current_call(), "name")

        def act(session: Session) -> tuple[str, wire.DeletePartnerTopicResponse]:
            return self.topics.close(session, partner_id).name, wire.DeletePartnerTopicResponse()

        return once(self.house, "delete-partner-topic", request, wire.DeletePartnerTopicResponse, act)


def _wire(of: PartnerTopic) -> partner_topic_pb2.PartnerTopic:
    return partner_topic_pb2.PartnerTopic(
        name=of.name,
        topic=of.topic,
        position=of.position,
        last_sequence=of.sent,
        create_time=instant_to_wire(of.created_at),
    )
