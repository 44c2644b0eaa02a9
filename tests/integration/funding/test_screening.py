"""The kept rows of screenings against deals judged one by one: the same deals, order, counts and sums."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text, tuple_, update

from services.catalogue import load
from services.chassis.filtering import parse, parse_order
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm import Firm, FirmFacts, revise
from services.funding.domain.fund import Fund
from services.funding.domain.property.loan import CreditCheck, Loan, Security
from services.funding.domain.property.right import IpRight, Ownership, RightKind
from services.funding.domain.screening import Standing
from services.funding.domain.waiver import Waiver
from services.funding.service.cases import fund_with_mandate, open_cases
from services.funding.service.compliance import Compliance
from services.funding.service.firms import Firms
from services.funding.service.identity import Identity
from services.funding.service.lending import Lending
from services.funding.service.mandates import Mandates
from services.funding.service.property import Property
from services.funding.service.screening import asking
from services.funding.service.screening.asking import Question, Screens
from services.funding.service.screening.judging import Judged, chosen, counts, judge, ordered
from services.funding.service.screening.keeping import Keeper
from services.funding.service.screening.rows import RowMaker
from services.funding.service.screening.turning import Turner
from services.funding.store import property as property_store
from services.funding.store import reports, repository, schema, screened
from services.funding.store.screening import SORTABLE
from services.funding.store.screening import schema as fields
from services.funding.store.screening_facets import FACETS
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import Aborted, FailedPrecondition, InvalidArgument, Unavailable
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_deals import MANAGER, WAY, leads, step, take

CATALOGUE = load()
FILTERS = (
    "",
    "eligible = true",
    "eligible = false",
    "blocking:INSUFFICIENT_FUND_CAPITAL OR blocking:NEGATIVE_LIST",
    "NOT blocking:NOT_SMALL AND stage = SEED",
    "blocking:*",
    'city_code = "苏州" OR city_code = nanjing',
    "industry_code:hydrogen AND hard >= 20",
    "ticket <= 2000万 AND pre_money < 3亿 AND NOT state = DECLINED",
    "composite > 30 AND early_gate = PASS AND band != LOW",
    'submitted_date >= "2026-01-01" AND owner:"王"',
    "small >= 40 AND NOT early >= 50",
    "sla != OVER AND NOT first_loan = HAD_LOAN",
    "ip_pledge = PLEDGED OR sla = OVER",
)
ORDERS = ("", "hard desc", "ticket, composite desc", "submitted_date desc, early")


@dataclass(frozen=True)
class Kept:
    """The use cases with their rows kept."""

    funding: Funding
    screens: Screens
    turner: Turner

    @property
    def today(self) -> date:
        return civil_date(self.funding.clock.now())


@pytest.fixture
def kept(funding: Funding, workbook: bytes) -> Kept:
    keeper = Keeper(RowMaker(CATALOGUE), funding.clock)
    keeper.attach(funding.database)
    funding.load(workbook)
    return Kept(
        funding, Screens(CATALOGUE), Turner(funding.database, keeper, funding.deals.journal, funding.clock)
    )


def funds(kept: Kept) -> list[str]:
    with kept.funding.database.read() as session:
        return list(session.scalars(select(schema.fund.c.id)))


def level(kept: Kept, filters: tuple[str, ...] = FILTERS) -> int:
    """Compare every question on every fund, each with a third of the facets; how many deals were found in all."""
    found = 0
    with kept.funding.database.read() as session:
        for fund_id in session.scalars(select(schema.fund.c.id)).all():
            fund, mandate = fund_with_mandate(session, fund_id)
            stands = screened.day_of(session, fund_id)
            day = stands.day if stands else kept.today
            opened = list(open_cases(session, fund, mandate, day))
            repository.load_transitions(session, [each.deal for each in opened])
            judged = [judge(each, CATALOGUE, midnight(day + timedelta(days=1))) for each in opened]
            for number, filter_ in enumerate(filters):
                expression = parse(filter_, fields(CATALOGUE))
                order = parse_order(ORDERS[number % len(ORDERS)], SORTABLE)
                facets = FACETS[number % 3 :: 3]
                question = Question(
                    fund_id=fund_id, expression=expression, order=order, facets=facets, size=10_000
                )
                answer = kept.screens.ask(session, question, kept.today)
                expected = ordered(chosen(judged, expression), order)
                assert names(answer.judged) == names(expected), (fund_id, filter_)
                assert answer.total == len(expected)
                assert answer.ask_fen == sum(each.opened.deal.terms.ask_fen for each in expected)
                for name, counted in counts(judged, expression, facets).items():
                    shown = {value: pair for value, pair in answer.facets[name].items() if pair[0]}
                    assert shown == counted, (fund_id, filter_, name)
                found += answer.total
    return found


def names(judged: Sequence[Judged]) -> list[str]:
    return [each.opened.deal.id for each in judged]


def test_rows_agree_with_deals_judged_one_by_one_after_every_kind_of_change(kept: Kept) -> None:
    assert level(kept) > 60
    funding = kept.funding
    ids = leads(funding, 3)
    assert level(kept, FILTERS[:4]) > 0
    for action, actor in WAY:
        funding.clock.advance(timedelta(minutes=1))
        funding.people_do(action, ids[0])
        take(funding, ids[0], step(funding, action, actor))
        if action in (Action.APPROVE, Action.SIGN, Action.CLOSE):
            level(kept, FILTERS[:5])
    with funding.database.read() as session:
        runs = reports.of_deal(session, ids[0])
    assert [each.occasion for each in runs[::-1]] == [
        "INITIATE",
        "SUBMIT_TO_COMMITTEE",
        "PASS_INTERNAL",
        "APPROVE",
        "SIGN",
    ]
    assert all(reports.recompute(each).same for each in runs)
    assert all(each.standing is not Standing.INELIGIBLE for each in runs)
    with funding.database.write() as session:
        deal = session.get_one(Deal, ids[1])
        firm = session.get_one(Firm, deal.firm_id)
        assert firm.snapshot
        known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
        known["snapshot"] = replace(firm.snapshot, abnormal=True, staff=299, rd_staff=1, bachelor_staff=None)
        revise(firm, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
    assert level(kept) > 60


def test_capital_and_floors_that_move_are_seen_by_every_row_at_once(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.read() as session:
        fund_id = session.get_one(Deal, id_).fund_id
        of_fund = select(schema.screened).where(schema.screened.c.fund_id == fund_id)
        rows = of_fund.order_by(schema.screened.c.deal_id)
        before = session.execute(rows).all()
    with kept.funding.database.write() as session:
        session.execute(
            update(schema.fund)
            .where(schema.fund.c.id == fund_id)
            .values(
                reserved_fen=schema.fund.c.size_fen
                - schema.fund.c.fee_reserve_fen
                - schema.fund.c.committed_fen
                - schema.fund.c.invested_fen
                - 100,
                paid_in_fen=10**8,
            )
        )
    level(kept)
    with kept.funding.database.read() as session:
        assert before == session.execute(rows).all()
        question = Question(
            fund_id=fund_id, expression=parse("blocking:INSUFFICIENT_FUND_CAPITAL", fields(CATALOGUE))
        )
        assert kept.screens.ask(session, question, kept.today).total > 0


def test_the_day_turns_and_only_what_is_due_is_made_anew(kept: Kept) -> None:
    day = kept.today
    for days in (1, 1, 27, 200, 900):
        kept.funding.clock.advance(timedelta(days=days))
        day += timedelta(days=days)
        assert kept.turner.turn() > 0
        assert kept.turner.turn() == 0
        level(kept, FILTERS[:6])
        with kept.funding.database.read() as session:
            assert {each.day for each in screened.days(session).values()} == {day}


def test_pages_follow_one_another_without_a_gap(kept: Kept) -> None:
    expression = parse("", fields(CATALOGUE))
    with kept.funding.database.read() as session:
        for fund_id in funds(kept):
            for order in ORDERS:
                terms = parse_order(order, SORTABLE)
                question = Question(fund_id=fund_id, expression=expression, order=terms, size=10_000)
                whole = [
                    each.opened.deal.id for each in kept.screens.ask(session, question, kept.today).judged
                ]
                seen: list[str] = []
                question = replace(question, size=7)
                while True:
                    answer = kept.screens.ask(session, question, kept.today)
                    seen += names(answer.judged)
                    if answer.cursor is None:
                        break
                    question = replace(question, cursor=answer.cursor)
                assert seen == whole


def test_deals_from_before_there_were_rows_are_screened_by_the_upgrade(
    funding: Funding, workbook: bytes
) -> None:
    funding.load(workbook)
    with funding.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM screened")) == 0
    turner = Turner(
        funding.database, Keeper(RowMaker(CATALOGUE), funding.clock), funding.deals.journal, funding.clock
    )
    assert turner.turn() > 0
    assert level(Kept(funding, Screens(CATALOGUE), turner)) > 60


def test_rights_loans_and_mergers_are_seen_by_the_rows_at_once(kept: Kept) -> None:
    funding = kept.funding
    [id_] = leads(funding, 1)
    property_, lending = (
        Property(funding.deals.journal, funding.clock, funding.deals.ids),
        Lending(funding.clock),
    )
    now, today = funding.clock.now(), kept.today
    with funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        firm_id, fund_id = deal.firm_id, deal.fund_id
        right = IpRight(
            id=funding.deals.ids.new(),
            firm_id=firm_id,
            kind=RightKind.INVENTION,
            number=f"ZL{funding.deals.ids.new()}",
            title="电解槽密封结构",
            granted=date(2023, 1, 1),
            expires=today + timedelta(days=1),
            document="证书",
            actor="tester",
            at=now,
        )
        right = property_.record(session, right)

    def row() -> tuple[str, str]:
        with funding.database.read() as session:
            found = session.execute(select(schema.screened).where(schema.screened.c.deal_id == id_)).one()
        return found.ip_pledge.name, found.first_loan.name

    assert row() == ("FREE", "UNKNOWN")
    with funding.database.write() as session:
        lending.check(session, CreditCheck(firm_id, today, "授权书", "人民银行征信", None, "tester", now))
    assert row() == ("FREE", "CANDIDATE")
    with funding.database.write() as session:
        lending.record(
            session,
            Loan(
                funding.deals.ids.new(),
                firm_id,
                "某银行",
                10**8,
                today,
                today + timedelta(days=300),
                Security.CREDIT,
                None,
                "合同",
                "tester",
                now,
            ),
        )
        disputed = property_.state_ownership(session, right, Ownership.DISPUTED, "法院受理通知")
    assert row() == ("FREE", "HAD_LOAN")
    with funding.database.read() as session:
        fund, mandate = fund_with_mandate(session, fund_id)
        case = next(open_cases(session, fund, mandate, today, id_)).case
        assert case.rights.unclear == (disputed.title,)
    level(kept, ("ip_pledge = FREE AND first_loan = HAD_LOAN",))
    funding.clock.advance(timedelta(days=2))
    kept.turner.turn()
    assert row() == ("NO_RIGHTS", "HAD_LOAN")
    assert level(kept, ("ip_pledge = NO_RIGHTS",)) > 0
    _merged_and_parted(kept, id_)


def _merged_and_parted(kept: Kept, one: str) -> None:
    """The deals of a merged firm are judged by the record that stands for it, until they are parted."""
    funding = kept.funding
    with funding.database.read() as session:
        deal = session.get_one(Deal, one)
        table = schema.deal.c
        own_rounds = select(table.fund_id, table.round_name).where(table.firm_id == deal.firm_id)
        clashing = select(table.firm_id).where(tuple_(table.fund_id, table.round_name).in_(own_rounds))
        elsewhere = select(table.id).where(
            table.fund_id == deal.fund_id, table.firm_id != deal.firm_id, table.firm_id.not_in(clashing)
        )
        other = session.scalars(elsewhere.order_by(table.id)).first()
    assert other
    firms = Firms(CATALOGUE, funding.deals.journal, funding.clock, funding.deals.ids)
    identity = Identity(firms)

    def judged_as(id_: str) -> str:
        with funding.database.read() as session:
            row = session.execute(select(schema.screened).where(schema.screened.c.deal_id == id_)).one()
            fund, mandate = fund_with_mandate(session, row.fund_id)
            opened = next(open_cases(session, fund, mandate, kept.today, id_))
        assert opened.firm.id == row.firm_id
        return str(row.firm_id)

    own = {id_: judged_as(id_) for id_ in (one, other)}
    with funding.database.write() as session:
        duplicate, survivor = (session.get_one(Firm, own[id_]) for id_ in (other, one))
        identity.merge(session, duplicate, survivor, "同一企业", "manager")
    assert judged_as(other) == judged_as(one) == own[one]
    level(kept, FILTERS[:4])
    with funding.database.write() as session:
        survivor = session.get_one(Firm, own[one])
        known = {name: getattr(survivor, name) for name in FirmFacts.__dataclass_fields__}
        revise(survivor, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
    with funding.database.read() as session:
        row = session.execute(select(schema.screened).where(schema.screened.c.deal_id == other)).one()
    assert row.city == "nantong"
    with funding.database.write() as session:
        identity.split(session, session.get_one(Firm, own[other]), "并非同一企业", "manager")
    assert judged_as(other) == own[other]
    level(kept, FILTERS[:4])


def test_a_question_beyond_what_can_be_answered_is_refused_with_what_can(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another day is judged within what narrows it on any day; an unknown dimension is refused with those there are."""
    with kept.funding.database.read() as session:
        fund_id = max(funds(kept), key=lambda each: screened.number_of_deals(session, each))
        filter_ = "state = SCREENING AND eligible = true"
        asked = Question(
            fund_id=fund_id,
            expression=parse(filter_, fields(CATALOGUE)),
            as_of=kept.today + timedelta(days=1),
            size=10_000,
        )
        whole = kept.screens.ask(session, asked, kept.today)
        every = replace(asked, expression=parse("state = SCREENING", fields(CATALOGUE)))
        count = kept.screens.ask(session, every, kept.today).total
        assert 0 < count < screened.number_of_deals(session, fund_id)
        monkeypatch.setattr(asking, "MOST_ONE_BY_ONE", count)
        narrowed = kept.screens.ask(session, asked, kept.today)
        assert (names(narrowed.judged), narrowed.total) == (names(whole.judged), whole.total)
        wide = parse("eligible = true", fields(CATALOGUE))
        for beyond in (replace(asked, expression=wide), replace(asked, facets=("state",))):
            with pytest.raises(FailedPrecondition) as error:
                kept.screens.ask(session, beyond, kept.today)
            assert error.value.reason == "TOO_MANY_FOR_ANOTHER_DAY"
            assert "city_code" in error.value.text.en
    question = Question(fund_id=funds(kept)[0], expression=parse("", fields(CATALOGUE)), facets=["mood"])
    with kept.funding.database.read() as session, pytest.raises(InvalidArgument) as refused:
        kept.screens.ask(session, question, kept.today)
    assert "city_code" in refused.value.text.en


def test_an_approved_revision_reads_the_deals_from_its_first_day(kept: Kept) -> None:
    funding, catalogue_mandates = kept.funding, Mandates(CATALOGUE, kept.funding.clock)
    begins = kept.today + timedelta(days=2)
    with funding.database.write() as session:
        fund_id = max(
            session.scalars(select(schema.fund.c.id)), key=lambda id_: screened.number_of_deals(session, id_)
        )
        fund, rules = fund_with_mandate(session, fund_id)
        before = fund.version
        stricter = replace(rules, effective_from=begins, ticket_max_fen=1)
        made = catalogue_mandates.propose(session, fund, stricter, "试", "manager")
        catalogue_mandates.decide(session, fund, made.rules.revision, "supervisor", "文", approve=True)
    question = Question(
        fund_id=fund_id, expression=parse("blocking:TICKET_TOO_LARGE", fields(CATALOGUE)), size=1
    )
    seen = {}
    for day in range(3):
        kept.turner.turn()
        with funding.database.read() as session:
            answer = kept.screens.ask(session, question, kept.today)
            deals = screened.number_of_deals(session, fund_id)
            seen[day] = (answer.mandate.revision, answer.total == deals)
            told = session.get_one(Fund, fund_id).version - before
        assert told == (1 if day == 2 else 0)
        funding.clock.advance(timedelta(days=1))
    assert seen == {0: (1, False), 1: (1, False), 2: (2, True)}


def test_a_waiver_is_in_the_rows_at_once_and_gone_with_its_day(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    compliance = Compliance(kept.funding.clock)
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        for code in ("SINGLE_PROJECT_CONCENTRATION", "EVIDENCE_STALE"):
            waiver = Waiver(code, "纪要", "secretary", kept.today + timedelta(days=1), "补充材料")
            compliance.waive(session, deal, waiver)
        session.execute(update(schema.fund).where(schema.fund.c.id == deal.fund_id).values(paid_in_fen=100))
        fund_id = deal.fund_id
    question = Question(
        fund_id=fund_id,
        expression=parse("blocking:SINGLE_PROJECT_CONCENTRATION", fields(CATALOGUE)),
        size=500,
    )
    blocked = []
    for _ in range(3):
        level(kept, FILTERS[:4])
        with kept.funding.database.read() as session:
            blocked.append(id_ in names(kept.screens.ask(session, question, kept.today).judged))
        kept.funding.clock.advance(timedelta(days=1))
        kept.turner.turn()
    assert blocked == [False, False, True]


def test_a_report_is_made_again_from_what_it_kept_and_a_change_of_it_is_seen(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.write() as session:
        made = Compliance(kept.funding.clock).report(session, session.get_one(Deal, id_), "auditor")
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        session.execute(update(schema.fund).where(schema.fund.c.id == deal.fund_id).values(paid_in_fen=100))
    with kept.funding.database.read() as session:
        found = reports.one(session, id_, 1)
    assert found == made
    assert reports.recompute(made).same
    changed = replace(made, results=made.results.replace("FAIL", "PASS").replace("UNKNOWN", "PASS"))
    again = reports.recompute(replace(changed, digest=reports.digest_of(changed.inputs, changed.results)))
    assert not again.same
    assert again.differing


def test_list_counts_sums_and_matches_of_what_a_caller_may_see_agree(kept: Kept) -> None:
    """Whatever part of a fund somebody may see: page, facets, sum and alerts are over the very same deals."""
    chance = random.Random(7)
    with kept.funding.database.read() as session:
        for fund_id in funds(kept):
            ids = list(session.scalars(select(schema.deal.c.id).where(schema.deal.c.fund_id == fund_id)))
            for only in (frozenset[str](), frozenset(chance.sample(ids, len(ids) // 2)), frozenset(ids)):
                for filter_ in FILTERS[:6]:
                    question = Question(
                        fund_id=fund_id,
                        expression=parse(filter_, fields(CATALOGUE)),
                        facets=("owner", "channel", "eligible"),
                        size=10_000,
                        only=only,
                    )
                    answer = kept.screens.ask(session, question, kept.today)
                    seen = set(names(answer.judged))
                    assert seen <= only
                    assert answer.total == len(seen)
                    assert {
                        each.deal_id for each in kept.screens.found(session, question, kept.today)
                    } == seen
                    for name in ("owner", "channel"):
                        counted = answer.facets[name].values()
                        assert sum(count for count, _ in counted) == answer.total
                        assert sum(fen for _, fen in counted) == answer.ask_fen
                    again = replace(question, revision=answer.mandate.revision, as_of=kept.today)
                    assert names(kept.screens.ask(session, again, kept.today).judged) == names(answer.judged)


def test_pledged_rights_are_named_where_rights_are_on_record(kept: Kept) -> None:
    [id_] = leads(kept.funding, 1)
    with kept.funding.database.write() as session:
        deal = session.get_one(Deal, id_)
        at = kept.funding.clock.now()
        for number, title in enumerate(("电解槽密封结构", "制氢控制方法")):
            right = IpRight(
                id=f"right-{number}",
                firm_id=deal.firm_id,
                kind=RightKind.INVENTION,
                number=f"ZL20231{number}",
                title=title,
                granted=date(2023, 1, 1),
                expires=date(2043, 1, 1),
                document="证书",
                actor="tester",
                at=at,
            )
            property_store.save_right(session, right)
        fund, mandate = fund_with_mandate(session, deal.fund_id)
        case = next(open_cases(session, fund, mandate, kept.today, id_)).case
        rights = case.rights
        assert (rights.pledged, rights.unclear, len(rights.unstated)) == ((), (), rights.recorded)


def test_writers_at_once_leave_every_row_level(kept: Kept) -> None:
    """Deals of one firm, and the firm itself, changed by eight writers at the same time."""
    funding = kept.funding
    ids = leads(funding, 8)
    barrier = Barrier(len(ids))

    def attempt(at: int) -> None:
        barrier.wait()
        while True:
            try:
                with funding.database.write() as session:
                    deal = funding.deals.get(session, ids[at])
                    funding.deals.take(session, deal, step(funding, Action.SUBMIT, MANAGER))
                    if at == 0:
                        firm = session.get_one(Firm, deal.firm_id)
                        known = {name: getattr(firm, name) for name in FirmFacts.__dataclass_fields__}
                        revise(firm, FirmFacts(**{**known, "city": "nantong"}), at=funding.clock.now())
                return
            except (Aborted, Unavailable):
                continue

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(attempt, range(len(ids))))
    assert level(kept, FILTERS[:4]) > 0
    with funding.database.read() as session:
        rows = session.execute(
            select(schema.screened.c.state, schema.screened.c.city).where(schema.screened.c.deal_id.in_(ids))
        )
        assert {(row.state.name, row.city) for row in rows} == {("SUBMITTED", "nantong")}
