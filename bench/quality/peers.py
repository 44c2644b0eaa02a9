"""What anybody would try first: BM25 over pairs of characters, TF-IDF of characters, latent semantic analysis."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from bench.quality.texts import Task

Scores = NDArray[np.floating]
_SATURATION, _LENGTH = 1.2, 0.75
_DIMENSIONS = 256


def bm25(task: Task, _seed: int) -> Scores:
    """Okapi BM25, k = 1.2, b = 0.75, over character bigrams."""
    counter = CountVectorizer(analyzer="char", ngram_range=(2, 2))
    counts = counter.fit_transform(task.documents).tocsr().astype(np.float64)
    queries = counter.transform(task.queries)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1.0 + (counts.shape[0] - frequency + 0.5) / (frequency + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    room = _SATURATION * (1.0 - _LENGTH + _LENGTH * length / max(1.0, float(length.mean())))
    room = np.repeat(room, np.diff(counts.indptr))
    counts.data = counts.data * (_SATURATION + 1.0) / (counts.data + room) * rarity[counts.indices]
    return np.asarray((queries @ counts.T).toarray())


def tfidf(task: Task, _seed: int) -> Scores:
    """Cosine of sublinear TF-IDF over one to three characters."""
    documents, queries = _weighted(task)
    return np.asarray((queries @ documents.T).toarray())


def lsa(task: Task, seed: int) -> Scores:
    """Cosine of the first 256 components of that TF-IDF."""
    documents, queries = _weighted(task)
    model = TruncatedSVD(min(_DIMENSIONS, min(documents.shape) - 1), random_state=seed)
    dense = normalize(model.fit_transform(documents))
    return np.asarray(normalize(model.transform(queries)) @ dense.T)


def _weighted(task: Task) -> tuple[csr_matrix, csr_matrix]:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    return vectorizer.fit_transform(task.documents), vectorizer.transform(task.queries)


PEERS: dict[str, Callable[[Task, int], Scores]] = {"bm25": bm25, "tfidf": tfidf, "lsa": lsa}
