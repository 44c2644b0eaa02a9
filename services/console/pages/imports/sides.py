"""What the pages of an import are made for (导入的两边): the library's records, or firms, funds and deals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bole.funding.v1 import import_service_pb2 as funding_wire
from bole.funding.v1.import_service_pb2_grpc import FundingImportServiceStub
from bole.talent.v1 import import_service_pb2 as talent_wire
from bole.talent.v1.import_service_pb2_grpc import TalentImportServiceStub
from services.console.web.visits import Visit
from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Side:
    """One service's imports, whose contracts differ in what a row shows.

    `base`: the address of the pages; `section` and `tabs`: where they stand; `sheets`: what a file may hold; `act` and
    `undo`: what one may do there (`services.console.acts`); `taken_back`: what an undo does; `onward`: where what was
    written is to be seen, by sheet, with `{id}` for the import's id.
    """

    base: str
    section: str
    tabs: str
    title: Text
    command: str
    sheets: Sequence[str]
    act: str
    undo: str
    taken_back: Text
    onward: Mapping[str, tuple[str, Text]]
    wire: ModuleType
    made: Any

    def stub(self, visit: Visit) -> Any:
        """The service, asked for the purpose that the visitor stated. Raises Unauthenticated."""
        return visit.stub(self.made, visit.purpose)

    def may(self, visit: Visit) -> bool:
        """Whether the visitor may import."""
        return visit.may(self.act)


_POSITIONS = ("/positions?import={id}", Text("看这次导入的岗位", "To these positions"))
TALENT = Side(
    base="/import",
    section="people",
    tabs="people/tabs.html",
    title=Text("导入人才与岗位", "Import people and positions"),
    command="bole talent import",
    sheets=("persons", "teams", "positions", "outcomes", "training", "moves", "evidence"),
    act="import",
    undo="undo import",
    taken_back=Text(
        "已写入。撤销后：新增的记录被彻底删除，变更的记录恢复原样。",
        "Written. An undo erases the records that it made and restores those it changed.",
    ),
    onward={
        "persons": ("/people?import={id}", Text("看这次导入的人", "To these people")),
        "teams": ("/teams?import={id}", Text("看这次导入的团队", "To these teams")),
        "positions": _POSITIONS,
        "outcomes": _POSITIONS,
        "training": ("/training?import={id}", Text("看这次导入的培养名额", "To these training places")),
        "moves": ("/moves?import={id}", Text("看这次导入的流动", "To these moves")),
        "evidence": ("/evidence?import={id}", Text("看这次导入的佐证", "To this evidence")),
    },
    wire=talent_wire,
    made=TalentImportServiceStub,
)
FUNDING = Side(
    base="/deals/import",
    section="deals",
    tabs="firms/tabs.html",
    title=Text("导入企业、基金与项目", "Import firms, funds and deals"),
    command="bole firm import",
    sheets=("firms", "funds", "deals"),
    act="import deals",
    undo="undo import of deals",
    taken_back=Text(
        "已写入。撤销后：新增而未被引用的记录被删除，变更的记录恢复原样；已有资金往来或步骤的基金和项目保留。",
        "Written. An undo removes what it made and nothing refers to, and restores what it changed; funds and deals "
        "that moved money or took a step stay.",
    ),
    onward={
        "firms": ("/firms", Text("看企业", "To the firms")),
        "deals": ("/deals", Text("看项目", "To the deals")),
        "funds": ("/funds", Text("看基金", "To the funds")),
    },
    wire=funding_wire,
    made=FundingImportServiceStub,
)
