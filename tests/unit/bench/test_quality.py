"""The measurements of quality measure what they say: on texts so few that the right figures are plain."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.harness import Run
from bench.quality import belonging, experts, faithfulness, placing, retrieval
from bench.quality.ranking import interval, mean, values
from bench.quality.simulator import prior_of, world
from bench.quality.texts import Task, read_task
from services.catalogue import load
from services.matcher.domain.kinds import KINDS
from tests.unit.matcher.tiny_model import make_model

DOCUMENTS = {
    "sic": "碳化硅外延生长与缺陷控制，主持厚膜外延片项目",
    "h2": "海水直接电解制氢电解槽设计，膜电极耐氯腐蚀",
    "llm": "行业大模型训练与推理加速",
    "pack": "功率器件封装与可靠性试验",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "few"
    made.mkdir()
    queries = [{"id": f"q-{id_}", "text": text[:6], "gold": [id_]} for id_, text in DOCUMENTS.items()]
    corpus = [{"id": id_, "text": text} for id_, text in DOCUMENTS.items()]
    corpus += [{"id": f"other-{number}", "text": f"其他事项第{number}号"} for number in range(30)]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (made / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return made


def ranking(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_average_precision_counts_places_of_what_is_right_and_leaves_the_query_itself_out() -> None:
    task = Task("t", ["a", "b", "c", "d"], ["x", "a"], [frozenset({1, 3}), frozenset({2})], [None, 0])
    found = [ranking(1, 0, 3, 2), ranking(0, 2, 1, 3)]
    assert values(task, found).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1.0])
    assert task.metric == "MAP"
    assert mean(task, [ranking(0, 2), ranking(1)]) == 0.0


def test_labels_come_from_the_nearest() -> None:
    task = Task("t", ["a", "b", "c"], ["x"], [frozenset()], [None], ["one", "two", "two"], ["two"])
    assert mean(task, [ranking(1, 2, 0)]) == 1.0
    assert mean(task, [ranking(0)]) == 0.0


def test_an_interval_is_that_of_the_figure_beside_it() -> None:
    wanted = ["often"] * 90 + ["seldom"] * 10
    task = Task("t", ["a", "b"], [""] * 100, [frozenset()] * 100, [None] * 100, ["often", "seldom"], wanted)
    blind, seeing = [ranking(0)] * 100, [ranking(0)] * 90 + [ranking(1)] * 5 + [ranking(0)] * 5
    # as scikit-learn's f1_score(average="macro") has it
    assert mean(task, blind) == pytest.approx((2 * 90 / 190 + 0) / 2)
    assert mean(task, seeing) == pytest.approx((2 * 90 / 185 + 2 * 5 / 15) / 2)
    low, high = interval(task, blind, 1)
    assert 0.45 < low < mean(task, blind) < high < 0.5
    low, high = interval(task, seeing, 1, minus=blind)
    assert 0 < low < mean(task, seeing) - mean(task, blind) < high
    plain = Task("t", ["a"], [""] * 100, [frozenset({0})] * 100, [None] * 100)
    low, high = interval(plain, [ranking(0), ranking(1)] * 50, 1)
    assert 0.35 < low < 0.5 < high < 0.65


def test_the_product_s_search_and_its_peers_find_what_is_plain(folder: Path) -> None:
    assert read_task(folder).metric == "MRR"
    rows = {row.name: row for row in retrieval.measure(Run(data=(folder,)))}
    assert rows["quality.few.lexical"].value == 1.0
    assert {
        "quality.few.bm25",
        "quality.few.tfidf",
        "quality.few.lsa",
        "quality.few.without_dense",
    } <= rows.keys()
    assert rows["quality.few.lexical"].peer_value == 1.0


def test_a_pretrained_encoder_is_measured_beside_itself_alone(folder: Path, tmp_path: Path) -> None:
    model = make_model(tmp_path / "characters")
    run = Run(only="quality.few", data=(folder,), encoders=(str(model),))
    rows = {row.name: row for row in retrieval.measure(run)}
    assert rows["quality.few.characters"].value == 1.0
    assert rows["quality.few.characters_alone"].value > 0.5


def test_the_term_named_first_bears_the_score(folder: Path) -> None:
    (row,) = faithfulness.measure(Run(data=(folder,)))
    assert (row.value, row.holds) == (1.0, True)


def test_the_simulator_shows_by_the_weights_that_stand_and_repeats_itself() -> None:
    kind = KINDS["person-position"]
    one, again = world(kind, 500, 1), world(kind, 500, 1)
    assert (one.outcomes.accepted == again.outcomes.accepted).all()
    assert set(one.outcomes.rank.tolist()) == set(range(1, 11))
    first, last = one.truth[one.outcomes.rank == 1], one.truth[one.outcomes.rank == 10]
    assert first.mean() > last.mean()
    assert len(prior_of(kind).factors) == one.outcomes.features.shape[1]


def test_the_made_up_declare_what_is_theirs_but_for_a_fifth_and_the_truth_is_known() -> None:
    made = belonging.made_up("firm-fund", 1_000, 1)
    honest = [dict(item.leaves) == shares for item, shares in zip(made.items, made.truth, strict=True)]
    assert 0.75 < sum(honest) / len(honest) < 0.85
    assert all(sum(shares.values()) == belonging.WHOLE for shares in made.truth)
    task = belonging.task_of("firm-fund", made)
    assert len(task.queries) == len(belonging.rankings("firm-fund", made)) == len(belonging.declared(made))
    for right, scope in zip(task.right, made.scopes, strict=True):
        assert all(sum(made.truth[row].get(leaf, 0) for leaf in scope) >= belonging.MOSTLY for row in right)


@pytest.mark.parametrize("kind", [*belonging.BELONGING, belonging.FINANCED])
def test_every_kind_is_measured_by_its_own_search_beside_what_is_declared(kind: str) -> None:
    name = f"quality.{kind.replace('-', '_')}."
    rows = {row.name: row for row in belonging.measure(Run(only=name, limit=600))}
    assert set(rows) == {f"{name}{each}" for each in ("matcher", "bm25", "tfidf", "lsa", "declared")}
    ours = rows[f"{name}matcher"]
    assert ours.peer_value == max(row.value for row in rows.values() if row is not ours)
    assert ours.value > rows[f"{name}bm25"].value


def test_people_are_made_of_papers_mostly_of_one_label_and_papers_vote_for_their_authors(
    tmp_path: Path,
) -> None:
    labels = [(text, label) for label, text in DOCUMENTS.items() for _ in range(4)]
    made = tmp_path / "labelled"
    made.mkdir()
    for name in ("train", "dev"):
        lines = "\n".join(
            json.dumps({"text": f"{text}（{number}）", "label": label}, ensure_ascii=False)
            for number, (text, label) in enumerate(labels)
        )
        (made / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    papers = read_task(made)
    people = experts.people_of(papers, 1)
    for wrote, subject in zip(people.wrote, people.subject, strict=True):
        assert 2 * sum(papers.labels[paper] == subject for paper in wrote) > len(wrote)
    # three papers; one person wrote the best, one the two that are found, one the paper that is not
    assert experts.votes(np.array([[1.0, 2.0, 0.0]]), [[1], [0, 1], [2]])[0].tolist() == pytest.approx(
        [2.0, 3.0 / np.sqrt(2.0), 0.0]
    )
    rows = {row.name: row for row in experts.measure(Run(data=(made,)))}
    ours = rows["quality.experts.labelled.lexical"]
    assert ours.value > 0.9
    assert ours.peer_value == max(row.value for row in rows.values() if row is not ours)
    assert rows["quality.experts.labelled.votes"].value > 0.9


def test_every_direction_and_other_fields_have_sentences_that_are_placed_beside_the_catalogue_s_words() -> (
    None
):
    catalogue, sentences = load(), placing.read(placing.SENTENCES)
    told = {each.leaf for each in sentences}
    codes, parents = ({leaf.code for leaf in catalogue.leaves}, {leaf.parent for leaf in catalogue.leaves})
    assert codes - parents <= told - {placing.NONE} <= codes
    assert len({each.text for each in sentences}) == len(sentences)
    rows = {row.name: row for row in placing.measure(Run())}
    leaf, industry = rows["quality.placing.leaf"], rows["quality.placing.industry"]
    assert leaf.holds
    assert industry.holds
    assert leaf.value <= industry.value
    ours = placing.placed(catalogue, sentences)
    right = [
        code == each.leaf for code, each in zip(ours, sentences, strict=True) if each.leaf != placing.NONE
    ]
    assert leaf.value == pytest.approx(sum(right) / len(right))
