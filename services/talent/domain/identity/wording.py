"""What a piece of evidence says, for people, in both languages. No value of a record is repeated."""

from collections.abc import Mapping
from types import MappingProxyType

from services.kernel.text import Text
from services.talent.domain.identity.comparison import Band, Evidence

_TEXTS: Mapping[tuple[str, str], Text] = MappingProxyType(
    {
        ("prior", "prior"): Text("任意两条记录属于同一人的先验", "any two records, before anything is known"),
        ("name", "characters"): Text(
            "姓名汉字一致（按姓名常见程度计分）", "same name in characters, weighed by how common it is"
        ),
        ("name", "one-character-off"): Text("姓名仅一字不同", "names differ in one character"),
        ("name", "sound"): Text("姓名读音相同、用字不同", "names sound alike and are written differently"),
        ("name", "spelling"): Text(
            "姓名拼写或读音一致（拼音证据较弱）", "same spelling or reading, which is weak evidence"
        ),
        ("name", "initials"): Text("姓名缩写相容", "initials that fit the name"),
        ("name", "none"): Text("姓名不同", "different names"),
        ("id_number", "same"): Text("证件号码一致", "same identity number"),
        ("id_number", "different"): Text("证件号码不同", "different identity numbers"),
        ("orcid", "same"): Text("ORCID 一致", "same ORCID"),
        ("orcid", "different"): Text("ORCID 不同", "different ORCIDs"),
        ("phone", "same"): Text("电话一致", "same telephone number"),
        ("phone", "different"): Text("电话不同", "different telephone numbers"),
        ("email", "same"): Text("邮箱一致", "same e-mail address"),
        ("email", "different"): Text("邮箱不同", "different e-mail addresses"),
        ("mail_domain", "same"): Text("邮箱属同一单位域名", "e-mail at the same organisation"),
        ("birth_year", "same"): Text("出生年份一致", "same year of birth"),
        ("birth_year", "one_off"): Text("出生年份相差一年", "years of birth one apart"),
        ("birth_year", "different"): Text("出生年份不同", "different years of birth"),
        ("employer", "same"): Text("任职单位有重合", "an employer in common"),
        ("employer", "different"): Text("任职单位无重合", "no employer in common"),
        ("education", "same"): Text("毕业院校与年份一致", "same school and year"),
        ("education", "school"): Text("毕业院校一致", "same school"),
        ("education", "different"): Text("毕业院校不同", "different schools"),
        ("direction", "same"): Text("研究方向大部分一致", "mostly the same directions"),
        ("direction", "some"): Text("研究方向部分一致", "partly the same directions"),
        ("direction", "different"): Text("研究方向不同", "different directions"),
        ("city", "same"): Text("所在城市一致", "same city"),
        ("city", "different"): Text("所在城市不同", "different cities"),
        ("team", "mates"): Text("在不同团队中有共同的成员", "team-mates in common"),
        ("team", "together"): Text("同时列在一个团队中", "listed side by side in one team"),
    }
)
BANDS: Mapping[Band, Text] = MappingProxyType(
    {
        Band.LINK: Text("可直接关联", "strong enough to link"),
        Band.REVIEW: Text("待审核", "to be reviewed"),
        Band.APART: Text("视为不同人", "kept apart"),
    }
)


def text_of(evidence: Evidence) -> Text:
    """The sentence for one piece of evidence."""
    return _TEXTS[evidence.feature, evidence.outcome]


def outcomes_worded() -> frozenset[tuple[str, str]]:
    """Every (feature, outcome) that has a sentence."""
    return frozenset(_TEXTS)
