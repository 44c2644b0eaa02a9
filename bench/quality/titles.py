"""Short texts of two languages as a task: titles that find the sentences and titles of their direction."""

from bench.quality.placing import NONE, SENTENCES, read
from bench.quality.texts import Task

_TITLE = "title"


def titles(most: int | None = None) -> Task:
    """Every title of a direction among all of `sentences.jsonl`, those of other fields too; right are the others of
    its direction. `most`: only so many queries, for a trial.
    """
    sentences = read(SENTENCES)
    of_leaf: dict[str, set[int]] = {}
    for number, each in enumerate(sentences):
        of_leaf.setdefault(each.leaf, set()).add(number)
    asked = [n for n, each in enumerate(sentences) if each.sort == _TITLE and each.leaf != NONE][:most]
    return Task(
        "titles",
        [each.text for each in sentences],
        [sentences[number].text for number in asked],
        [frozenset(of_leaf[sentences[number].leaf] - {number}) for number in asked],
        list(asked),
    )
