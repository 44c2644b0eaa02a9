"""What people call the columns of their own tables: enough to suggest which is which, never to decide it."""

import re
from collections.abc import Mapping, Sequence

from services.workbook.columns import Sheet
from services.workbook.headers import normalise

_BRACKETS = re.compile(r"[()（）\[\]【】]")
USUAL: Mapping[str, str] = {
    "编号": "工号 人员编号 人才编号 岗位编号 团队编号 项目编号",
    "姓名": "名字 人才姓名 人员姓名",
    "人才类别": "类别 人才类型 人才层次 岗位类别",
    "所在城市": "城市 地市 所在市 所在地 所在地市 所属城市 设区市 工作城市 工作地点",
    "可流动城市": "意向城市 期望城市",
    "到岗意愿": "意愿 流动意愿 求职意愿 到岗时间",
    "研究方向": "方向 专业方向 技术方向 研究领域 专业领域",
    "技术方向": "方向 研究方向 专业方向 技术领域",
    "当前单位": "单位 工作单位 所在单位 任职单位 公司",
    "单位名称": "单位 用人单位 招聘单位 企业名称 公司 公司名称",
    "职务": "职称 职务职称 现任职务",
    "岗位名称": "岗位 职位 职位名称 招聘岗位",
    "简介": "个人简介 个人简历 工作业绩 主要业绩",
    "代表成果": "成果 主要成果 代表性成果",
    "手机": "手机号 手机号码 电话 联系电话 移动电话 联系方式",
    "邮箱": "电子邮箱 电子邮件 e-mail",
    "证件号码": "身份证号 身份证号码 证件号",
    "记录日期": "日期 填表日期 填报日期 登记日期 更新日期 采集日期",
    "出生年份": "出生年 出生年月 出生日期 出生年月日 生日",
    "同意用途": "授权用途 同意范围 授权范围",
    "来源名单": "名单来源",
    "需求人数": "人数 招聘人数 需求数",
    "发布日期": "发布时间 招聘日期",
    "关闭日期": "截止日期 截止时间",
    "岗位要求": "要求 任职要求 招聘要求 岗位职责",
    "企业名称": "企业 公司 公司名称 单位名称",
    "统一社会信用代码": "信用代码 社会信用代码 统一信用代码",
    "成立日期": "注册日期 成立时间 注册时间",
}
"""By the Chinese header of the template. A running number (序号) is no record's number: another file has it too."""


def suggested(cells: Sequence[str], sheet: Sheet, known: Mapping[str, int]) -> dict[str, int]:
    """Columns of the sheet that some cell of a header row may mean, by position; none that is `known`, no cell twice.

    A usual name counts before one that merely holds the template's (`主要研究方向`, `从事专业（研究方向）`).
    """
    free = {at: cell for at, cell in enumerate(cells) if cell and at not in known.values()}
    written = {at: normalise(cell) for at, cell in free.items()}
    whole = {at: normalise(_BRACKETS.sub("", cell)) for at, cell in free.items()}
    found: dict[str, int] = {}
    open_ = {each.key: each.header_zh for each in sheet.columns if each.key not in known}
    for key, header in open_.items():
        names = {normalise(name) for name in USUAL.get(header, "").split()}
        _take(found, key, [at for at, cell in written.items() if cell in names])
    for key, header in open_.items():
        if key not in found:
            _take(found, key, [at for at, cell in whole.items() if normalise(header) in cell])
    return found


def _take(found: dict[str, int], key: str, places: Sequence[int]) -> None:
    free = [at for at in places if at not in found.values()]
    if free:
        found[key] = free[0]
