"""What a document of each kind has to hold: the outline that people fill in."""

from services.funding.domain.deal.evidence import EvidenceKind
from services.kernel.text import Text

_OUTLINES = {
    EvidenceKind.BUSINESS_LICENCE: Text(
        "在有效期内的营业执照副本，信用代码与企业一致", "copy in force, with the firm's credit code"
    ),
    EvidenceKind.BUSINESS_PLAN: Text(
        "技术、产品、市场、团队、资金用途、里程碑",
        "technology, product, market, team, use of funds, milestones",
    ),
    EvidenceKind.ASSIGNMENT: Text("承办人、分派人、日期", "who handles it, who assigned it, date"),
    EvidenceKind.QUESTION_LIST: Text("逐条问题、答复期限", "numbered questions and a date for the answers"),
    EvidenceKind.ANSWERS: Text("按问题编号逐条答复并附证明", "answers by number with proof"),
    EvidenceKind.SCREENING_MEMO: Text(
        "方向归属、四项评分、合规检查、初审结论", "direction, four scores, compliance run, conclusion"
    ),
    EvidenceKind.DD_BUSINESS: Text(
        "技术验证、市场、竞争、客户访谈、结论",
        "technology checked, market, competitors, customers, conclusion",
    ),
    EvidenceKind.DD_LEGAL: Text(
        "主体、股权、知识产权权属、诉讼、关联方",
        "entity, shares, ownership of rights, litigation, related parties",
    ),
    EvidenceKind.DD_FINANCIAL: Text(
        "报表核验、研发费用、现金流、或有负债", "figures checked, R&D cost, cash flow, contingent debts"
    ),
    EvidenceKind.SITE_VISIT: Text(
        "时间、地点、人员、所见、照片", "time, place, people, what was seen, photographs"
    ),
    EvidenceKind.VALUATION_BASIS: Text(
        "方法、可比对象、假设、区间", "method, comparables, assumptions, range"
    ),
    EvidenceKind.EXPERT_OPINION: Text(
        "外部专家身份与无利益关系声明、技术判断",
        "who the expert is, no interest declared, judgement of the technology",
    ),
    EvidenceKind.RISK_LIST: Text(
        "不确定性与难预测因素、可能损失、应对", "uncertainties, possible loss, answer to each"
    ),
    EvidenceKind.INTERNAL_MINUTES: Text(
        "出席、回避、表决结果、意见与条件", "present, recused, result, opinions and conditions"
    ),
    EvidenceKind.EXTERNAL_MINUTES: Text(
        "出席、回避、观察员意见、表决结果、条件", "present, recused, observers, result, conditions"
    ),
    EvidenceKind.PUBLIC_INTEREST: Text(
        "产业政策、安全、环境、就业逐项核对", "policy, safety, environment, jobs, item by item"
    ),
    EvidenceKind.TERM_SHEET: Text(
        "金额、估值、股权、条款，与批准一致", "amount, valuation, shares, terms as approved"
    ),
    EvidenceKind.PURCHASE_AGREEMENT: Text("签署完整的协议", "the agreement, fully signed"),
    EvidenceKind.PAYMENT_PROOF: Text("银行付款回单", "the bank's receipt"),
    EvidenceKind.SHAREHOLDER_REGISTER: Text(
        "工商变更登记或股东名册", "entry in the commercial register or list of shareholders"
    ),
    EvidenceKind.SOURCE_DOCUMENT: Text("原系统或原档案", "the record it comes from"),
}


def outline(kind: EvidenceKind) -> Text:
    """What a document of this kind has to hold; its name where there is no more to say."""
    return _OUTLINES.get(kind, kind.label)
