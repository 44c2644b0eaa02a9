"""The vocabulary's words and what they stand for as arrays, in the numbers of the catalogue's codes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.texts.word_search import WordSearch
from services.matcher.domain.texts.wording import CONTEXT, NEAR, Wording


class SenseTable:
    """Nodes are the leaves and behind them the industries; an industry that is itself a leaf is that leaf.

    `senses_from[w]` to `senses_from[w + 1]` are the senses of word w in `node`, `industry`, `context` and `near`.
    A word is one however it is spelt; behind those of the vocabulary stand those that count alone.
    """

    def __init__(
        self,
        wording: Wording,
        leaves: Mapping[str, int],
        industries: Sequence[str],
        leaf_industries: NDArray[np.int16],
    ) -> None:
        """A word of a direction that has no number speaks of its industry; KeyError for an industry without one."""
        self.search = WordSearch(list(wording.spelt))
        numbered = {word: number for number, word in enumerate(wording.senses)}
        self._word_of = np.array([numbered[word] for word in wording.spelt.values()], np.int64)
        self._alone_in = wording.alone_in
        self._alone = {word: len(wording.senses) + number for number, word in enumerate(wording.alone)}
        self.industries = len(industries)
        numbers = {code: number for number, code in enumerate(industries)}
        nodes = {code: len(leaves) + number for code, number in numbers.items()} | dict(leaves)
        self.nodes = len(leaves) + len(industries)
        self.node_of_industry = np.array([nodes[code] for code in industries], np.int64)
        self.industry_of_node = np.concatenate([leaf_industries, np.arange(len(industries))]).astype(np.int64)
        senses = [*wording.senses.values(), *wording.alone.values()]
        self.senses_from = np.cumsum([0, *map(len, senses)], dtype=np.int64)
        flat = [sense for each in senses for sense in each]
        self.node = np.array([nodes.get(sense.code, nodes[sense.industry]) for sense in flat], np.int64)
        self.industry = np.array([numbers[sense.industry] for sense in flat], np.int64)
        self.context = np.array([sense.role == CONTEXT for sense in flat], np.bool_)
        self.near = np.array([sense.role == NEAR for sense in flat], np.bool_)

    def occurrences(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number of the text and number of the word, for every word from left to right of normal texts without what
        they deny; where a word counts alone, that word.
        """
        text, spelt = self.search.occurrences(texts)
        word = self._word_of[spelt]
        said = {
            at: self._alone[only]
            for at, each in enumerate(texts)
            if (only := self._alone_in(each)) is not None
        }
        if not said:
            return text, word
        others = ~np.isin(text, list(said))
        return (
            np.concatenate([text[others], np.array(list(said), np.int64)]),
            np.concatenate([word[others], np.array(list(said.values()), np.int64)]),
        )
