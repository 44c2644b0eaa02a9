"""Kinds of documents on a deal, as a form offers them."""

from services.kernel.text import Text

PAPERS = {
    "BUSINESS_LICENCE": Text("营业执照", "business licence"),
    "BUSINESS_PLAN": Text("商业计划书", "business plan"),
    "ASSIGNMENT": Text("分派记录", "assignment"),
    "QUESTION_LIST": Text("问题清单", "question list"),
    "ANSWERS": Text("补充材料", "answers"),
    "SCREENING_MEMO": Text("初审意见", "screening memo"),
    "COI_DECLARATIONS": Text("利益冲突声明", "declarations of interest"),
    "DD_BUSINESS": Text("业务尽调报告", "business due diligence"),
    "DD_LEGAL": Text("法律尽调报告", "legal due diligence"),
    "DD_FINANCIAL": Text("财务尽调报告", "financial due diligence"),
    "SITE_VISIT": Text("现场走访记录", "site visit"),
    "VALUATION_BASIS": Text("估值依据", "basis of the valuation"),
    "EXPERT_OPINION": Text("外部专家意见", "outside expert's opinion"),
    "RISK_LIST": Text("风险清单", "risk list"),
    "INTERNAL_MINUTES": Text("内部投决会议纪要", "minutes of the internal committee"),
    "INTERNAL_BALLOTS": Text("内部投决表决票", "ballots of the internal committee"),
    "EXTERNAL_MINUTES": Text("外部投决会议纪要", "minutes of the external committee"),
    "EXTERNAL_BALLOTS": Text("外部投决表决票", "ballots of the external committee"),
    "PUBLIC_INTEREST": Text("公共利益核对表", "public-interest checklist"),
    "TERM_SHEET": Text("投资条款清单", "term sheet"),
    "PURCHASE_AGREEMENT": Text("投资协议", "share purchase agreement"),
    "PAYMENT_PROOF": Text("付款凭证", "proof of payment"),
    "SHAREHOLDER_REGISTER": Text("工商变更或股东名册", "register of shareholders"),
    "POST_INVESTMENT_VISIT": Text("投后走访记录", "visit after the investment"),
    "DISCIPLINE_STATEMENT": Text("纪检监察说明", "statement of the discipline inspection"),
    "MILESTONE_PROOF": Text("里程碑达成证明", "proof of the milestone"),
    "EXIT_DECISION": Text("退出决议", "decision to exit"),
    "EXIT_AGREEMENT": Text("退出协议或分配决议", "exit agreement or resolution"),
    "BANK_RECEIPT": Text("银行回单", "bank receipt"),
    "WRITE_OFF_DETERMINATION": Text("核销认定文件", "determination of the write-off"),
    "OTHER": Text("其他附件", "another document"),
}
"""By the code of the kind; what an import rests on is not registered by hand."""
