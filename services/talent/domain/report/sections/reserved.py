"""只在内部版的部分: what a public edition leaves out, said where it would stand."""

from services.kernel.text import Text
from services.paper.document import Section


def reserved() -> Section:
    """The section."""
    said = Text(
        "基金、对接成效、治理和人才工程留任的数字由各服务按季报送，多属少数企业和个人的情况，不在公开版中。",
        "Figures on funds, on what became of matches, on governance, and on how many of those awarded stayed are "
        "reported by the services each quarter; much of it is about few firms and people, and so it is not part of the "
        "public edition.",
    )
    return Section("reserved", Text("只在内部版的部分", "In the internal edition alone"), (said,))
