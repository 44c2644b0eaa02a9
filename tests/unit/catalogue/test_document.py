"""The catalogue says only what the published document says, and cites the right place."""

from typing import Any

import pytest

from services.catalogue import Catalogue

Nodes = list[tuple[str, dict[str, Any]]]
VERBATIM_FIELDS = {
    "role_zh",
    "condition_zh",
    "founders_zh",
    "builders_zh",
    "trigger_zh",
    "effect_zh",
    "level_zh",
    "group_zh",
    "frequency_zh",
    "publication_zh",
    "text_zh",
}
VERBATIM_NAMES = [
    "departments",
    "talent_categories",
    "talent_programmes",
    "laboratories",
    "fund_principles",
    "firm_stages",
    "funds",
    "enterprise_types",
    "talent_labels",
]


def test_every_quote_is_verbatim(nodes: Nodes, document: str) -> None:
    quotes = [(path, node["quote"]) for path, node in nodes if "quote" in node]
    assert len(quotes) > 200
    assert [(path, quote) for path, quote in quotes if quote not in document] == []


def test_no_quote_is_cut_short(nodes: Nodes) -> None:
    """An unquoted comma ends a value of YAML's short form and leaves a key without a value behind."""
    left_over = [
        (path, key)
        for path, node in nodes
        for key, value in node.items()
        if value is None and not (path.startswith(".targets") and key == "year")
    ]
    assert left_over == []


def test_every_quote_stands_in_the_clause_it_cites(nodes: Nodes, clause_texts: dict[str, str]) -> None:
    wrong = []
    for path, node in nodes:
        if "quote" not in node:
            continue
        cited = [*([node["clause"]] if "clause" in node else node["clauses"]), *node.get("also", [])]
        wrong += [(path, clause) for clause in cited if node["quote"] not in clause_texts[clause]]
    assert wrong == []


def test_every_chinese_phrase_is_verbatim(nodes: Nodes, document: str) -> None:
    phrases = [(path, node[key]) for path, node in nodes for key in VERBATIM_FIELDS & node.keys()]
    assert [(path, phrase) for path, phrase in phrases if phrase not in document] == []


@pytest.mark.parametrize("section", VERBATIM_NAMES)
def test_official_names_are_verbatim(section: str, tree: dict[str, Any], document: str) -> None:
    assert [item["name_zh"] for item in tree[section] if item["name_zh"] not in document] == []


def test_every_citation_points_to_a_clause(nodes: Nodes, catalogue: Catalogue) -> None:
    known = {clause.id for clause in catalogue.clauses}
    cited = {node["clause"] for _, node in nodes if "clause" in node}
    cited |= {c for path, node in nodes for key in ("also", "named_in") for c in node.get(key, [])}
    assert cited <= known


def test_department_brackets_are_reproduced_in_order(
    catalogue: Catalogue, brackets: dict[str, list[str]]
) -> None:
    names = {department.id: department.name_zh for department in catalogue.departments}
    ours = {
        clause.id: [names[id_] for id_ in clause.departments]
        for clause in catalogue.clauses
        if clause.departments
    }
    assert ours == brackets


def test_departments_and_clauses_agree(catalogue: Catalogue) -> None:
    by_clause = {(clause.id, id_) for clause in catalogue.clauses for id_ in clause.departments}
    by_department = {(clause, item.id) for item in catalogue.departments for clause in item.clauses}
    assert by_clause == by_department


def test_cities_are_named_exactly_where_they_are_listed(
    catalogue: Catalogue, clause_texts: dict[str, str]
) -> None:
    # 苏州实验室 is a laboratory's name and says nothing about the city.
    texts = {clause: text.replace("苏州实验室", "") for clause, text in clause_texts.items()}
    for city in catalogue.cities:
        assert {clause for clause, text in texts.items() if city.short_zh in text} == set(city.named_in)
