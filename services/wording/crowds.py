"""People who share a clue with so many that not everybody is compared with everybody, as it is said of them."""

from services.kernel.text import Text, counted


def in_crowds(people: int, oldest: int) -> Text:
    """What stands beside the pairs; nothing where nobody is in a crowd. `oldest`: how many meet everybody of it."""
    if not people:
        return Text("", "")
    being = "is" if people == 1 else "are"
    return Text(
        f"{people:,} 人所在的组太大，没有全部两两比对：共用同一线索（如姓名）的超过 {oldest + 1} 人时，"
        f"每人只与其中最早登记的 {oldest} 人比对。其余请在人才库按姓名查找核对。",
        f"{counted(people, 'person', 'people')} {being} in groups too large to be compared in full: where more than "
        f"{oldest + 1} share a clue, such as a name, everybody is compared with the {oldest} oldest of them only. "
        "To see the others, search the library for the name.",
    )
