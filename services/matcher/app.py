"""The composition root of the matcher."""

from datetime import timedelta
from secrets import SystemRandom

import faiss

from bole.matcher.v1 import (
    match_run_service_pb2_grpc,
    matching_service_pb2_grpc,
    partner_certificate_service_pb2_grpc,
    partner_erasure_service_pb2_grpc,
    partner_service_pb2_grpc,
    partner_topic_service_pb2_grpc,
    progress_service_pb2_grpc,
    proposal_service_pb2_grpc,
    webhook_service_pb2_grpc,
)
from services.catalogue import Catalogue
from services.chassis.house import Assembly, Blueprint, House
from services.chassis.identity.certificates import PartnerCertificates
from services.chassis.identity.partner_keys import PartnerKeys
from services.chassis.keys import load_key, load_key_encryption_keys
from services.chassis.log.topics import MATCHER_AUDIT, MATCHER_RETURNS, MATCHER_TELLS
from services.chassis.process.background import Rounds
from services.chassis.process.leadership import leader_lock
from services.chassis.regional import catalogue_of, require_known
from services.chassis.returns import Returns
from services.chassis.rpc.registration import Service
from services.chassis.sealing import KeyRing
from services.kernel import side_by_side
from services.kernel.threads import standing
from services.matcher.beforehand import Beforehand
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.item import STORED
from services.matcher.domain.webhooks.address import networks
from services.matcher.feed import ItemFeed, LeaderFeed
from services.matcher.hub import Hub
from services.matcher.opening import Opener
from services.matcher.rpc.finding import Searches
from services.matcher.rpc.match_runs import MatchRunRoom
from services.matcher.rpc.matching import MatchingRoom
from services.matcher.rpc.partners.partner_certificates import PartnerCertificateRoom
from services.matcher.rpc.partners.partner_erasures import PartnerErasureRoom
from services.matcher.rpc.partners.partner_topics import PartnerTopicRoom
from services.matcher.rpc.partners.partners import PartnerRoom
from services.matcher.rpc.partners.webhooks import WebhookRoom
from services.matcher.rpc.progress import ProgressRoom
from services.matcher.rpc.proposals import ProposalRoom
from services.matcher.rpc.watching import Watching
from services.matcher.service.clearing import Clearing
from services.matcher.service.lapsing import Lapsing
from services.matcher.service.partner_topics.opening import PartnerTopics
from services.matcher.service.partner_topics.telling import Telling
from services.matcher.service.partners.certificates import Certificates, find_certificate
from services.matcher.service.partners.key_uses import KeyUses
from services.matcher.service.partners.partner_erasures import PartnerErasures
from services.matcher.service.partners.partners import Partners, find_key
from services.matcher.service.proposals import Proposals
from services.matcher.service.reencoding import Reencoding
from services.matcher.service.returns import MatcherReturns
from services.matcher.service.runs.running import Runs
from services.matcher.service.settling import Settler
from services.matcher.service.succeeding import carry_over
from services.matcher.service.webhooks.delivering import Delivery
from services.matcher.service.webhooks.guard import RESOLVERS
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.registering import Webhooks
from services.matcher.service.webhooks.trying import Trying
from services.matcher.service.webhooks.turns import Turns
from services.matcher.store.mapping import map_aggregates
from services.matcher.store.partners import certificates, partners, webhooks
from services.matcher.store.schema import metadata, shared
from services.matcher.store.succession import strange
from services.matcher.tools import (
    engine_of,
    list_weights,
    make_partner,
    restore_weights,
    revoke_again,
    tell_revocations,
    train_weights,
)


def assemble(house: House) -> Assembly:
    """Put the service together. One thread a computation: requests run side by side, on few cores."""
    faiss.omp_set_num_threads(1)
    side_by_side.stand()
    settings, catalogue = house.settings, catalogue_of(house.settings)
    engine = engine_of(house, catalogue)
    hub = Hub()
    settler = Settler(house, engine, hub, leader_lock(house.database.engine, "settler"))
    map_aggregates()
    proposals = Proposals(engine, house.journal, house.requests, house.ids, house.clock)
    ring = KeyRing(load_key_encryption_keys(settings.keys_dir))
    opener = Opener(ring, catalogue)
    feed = LeaderFeed(
        house,
        ItemFeed(opener, proposals, settler.received),
        Beforehand(opener, settler.ahead),
        settler.leading,
    )
    reencoding = Reencoding(engine, settler.leading)
    pepper = load_key(settings.keys_dir, "digest")
    keys, shown = KeyUses(house.database, partners.put_uses), KeyUses(house.database, certificates.put_uses)
    erasures = PartnerErasures(house, timedelta(days=settings.partner_erasure_days))
    partner_services, partner_loops = _for_partners(
        house, catalogue, hub, ring, pepper, (keys, shown), erasures
    )
    searches = Searches(house, engine, catalogue)
    runs = Runs(house, engine, catalogue, settler.leading)
    room = MatchingRoom(house, engine, feed, Watching(house, hub, catalogue), searches, reencoding)

    def is_ready() -> bool:
        """Level with the log once since it became the writer, and not stopped."""
        return settler.level_once.is_set() and feed.stopped_reason is None

    def observe() -> None:
        for kind in STORED:
            house.metrics.index_size.labels(kind.value).set(engine.space.population(kind).size)
        with house.database.read() as session:
            for state, count in webhooks.standing(session).items():
                house.metrics.webhooks.labels(state).set(count)
        erasures.observe()

    return Assembly(
        [
            Service(
                matching_service_pb2_grpc.add_MatchingServiceServicer_to_server,
                room,
                "bole.matcher.v1.MatchingService",
            ),
            Service(
                proposal_service_pb2_grpc.add_ProposalServiceServicer_to_server,
                ProposalRoom(house, proposals),
                "bole.matcher.v1.ProposalService",
            ),
            Service(
                match_run_service_pb2_grpc.add_MatchRunServiceServicer_to_server,
                MatchRunRoom(house, engine, runs),
                "bole.matcher.v1.MatchRunService",
            ),
            *partner_services,
        ],
        feeds=[feed],
        is_ready=is_ready,
        partners=PartnerKeys(
            pepper,
            lambda key_id: find_key(house.database, key_id),
            lambda key, now: keys.note(key.key_id, key.last_used_at, now),
        ),
        certificates=PartnerCertificates(
            lambda fingerprint: find_certificate(house.database, fingerprint),
            lambda certificate, now: shown.note(certificate.id, certificate.last_used_at, now),
        ),
        loops={
            "match-runs": runs.rounds(),
            "encoder": reencoding.rounds,
            "lapsing": Lapsing(house.database, proposals, house.clock, settler.level_once).rounds,
            "clear": Clearing(house.database, house.clock, settler.level_once).rounds,
            "returns": _returns(house, catalogue).rounds,
            **partner_loops,
        },
        on_start=[settler.start],
        on_stop=[hub.close, settler.stop],
        observe=observe,
    )


def _returns(house: House, catalogue: Catalogue) -> Returns:
    counting, history = MatcherReturns(codes_of(catalogue).industry_of), house.tables.history
    return Returns(
        house.database, house.journal, history, MATCHER_RETURNS, counting, house.clock, house.precedence
    )


def _for_partners(
    house: House,
    catalogue: Catalogue,
    hub: Hub,
    ring: KeyRing,
    pepper: bytes,
    uses: tuple[KeyUses, KeyUses],
    erasures: PartnerErasures,
) -> tuple[list[Service], dict[str, Rounds]]:
    """The services of partners, their certificates, topics and webhooks, and the loops that go with them.

    `uses`: of keys, and of certificates.
    """
    allowed, (keys, shown) = networks(house.settings.webhook_networks), uses
    turns = Turns(house, ring, catalogue.succession.former, SystemRandom().random)

    resolvers = standing(RESOLVERS, "webhook-names")

    def poster() -> Poster:
        return Poster(allowed, resolvers)

    delivery = Delivery(turns, hub, leader_lock(house.database.engine, "webhooks"), poster)
    hooks = WebhookRoom(house, catalogue, Webhooks(house, ring, allowed), Trying(house, ring, turns, poster))
    telling = Telling(
        house, leader_lock(house.database.engine, "partner-topics"), catalogue.succession.former
    )
    services = [
        Service(
            webhook_service_pb2_grpc.add_WebhookServiceServicer_to_server,
            hooks,
            "bole.matcher.v1.WebhookService",
        ),
        Service(
            partner_service_pb2_grpc.add_PartnerServiceServicer_to_server,
            PartnerRoom(house, Partners(pepper, house.ids, house.clock), erasures, uses),
            "bole.matcher.v1.PartnerService",
        ),
        Service(
            partner_certificate_service_pb2_grpc.add_PartnerCertificateServiceServicer_to_server,
            PartnerCertificateRoom(house, Certificates(house.ids, house.clock), shown),
            "bole.matcher.v1.PartnerCertificateService",
        ),
        Service(
            partner_erasure_service_pb2_grpc.add_PartnerErasureServiceServicer_to_server,
            PartnerErasureRoom(house, erasures),
            "bole.matcher.v1.PartnerErasureService",
        ),
        Service(
            partner_topic_service_pb2_grpc.add_PartnerTopicServiceServicer_to_server,
            PartnerTopicRoom(house, PartnerTopics(house.clock)),
            "bole.matcher.v1.PartnerTopicService",
        ),
        Service(
            progress_service_pb2_grpc.add_MatcherProgressServiceServicer_to_server,
            ProgressRoom(house),
            "bole.matcher.v1.MatcherProgressService",
        ),
    ]
    return services, {
        "webhooks": delivery.rounds,
        "partner-topics": telling.rounds,
        "key-uses": keys.rounds,
        "certificate-uses": shown.rounds,
    }


def complete(house: House) -> None:
    """Carry over to today's directions what stands under earlier ones. Raises ConfigurationError for items under local
    directions that nobody knows any more: the lists could not be made.
    """
    catalogue = catalogue_of(house.settings)
    former = catalogue.succession.former
    with house.database.read() as session:
        require_known(strange(session, {*(leaf.code for leaf in catalogue.leaves), *former}))
    carry_over(house.database, former)


BLUEPRINT = Blueprint(
    "matcher",
    metadata,
    shared,
    "services.matcher:migrations",
    assemble,
    MATCHER_AUDIT,
    MATCHER_TELLS,
    from_log=True,
    tools={
        "add-partner": make_partner,
        "train": train_weights,
        "weights": list_weights,
        "restore-weights": restore_weights,
        "revocations": tell_revocations,
        "revoke-again": revoke_again,
    },
    complete=complete,
    answer_seconds=30.0,  # streams never end, and resume by token on another connection
)
