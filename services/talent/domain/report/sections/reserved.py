"""只在内部版的部分: what a public edition leaves out, said where it would stand."""

from services.kernel.text import Text
from services.paper.document import Section


def reserved() -> Section:
    """The section."""
    said = Text(
        "基金、对接成效、治理和人才工程留任的数字由各服务按季报送，多属少数企业和个人的情况，不在公开版中。",
        "What funds invested, what became of matches, governance, and who of those awarded stayed is reported by "
        "quarter; much of it is about few firms and people, and not part of the public edition.",
    )
    return Section("reserved", Text("只在内部版的部分", "In the internal edition alone"), (said,))
