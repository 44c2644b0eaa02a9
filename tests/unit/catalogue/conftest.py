import re
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest
import yaml

from services.catalogue import Catalogue, load

FOLDER = resources.files("services.catalogue")
HEADINGS = {
    "1.1": "(一)指导思想",
    "1.2": "(二)主要目标",
    "2.1.1": "1﹒第三代",
    "2.1.2": "2﹒未来网络",
    "2.1.3": "3﹒氢能",
    "2.1.4": "4﹒新型储能",
    "2.1.5": "5﹒细胞",
    "2.1.6": "6﹒合成",
    "2.1.7": "7﹒通用",
    "2.1.8": "8﹒前沿",
    "2.1.9": "9﹒零碳",
    "2.1.10": "10﹒虚拟",
    "2.2": "(二)超前布局",
    "3.1": "(一)突出",
    "3.2": "(二)推动强企",
    "3.3": "(三)强化场景",
    "3.4": "(四)加大关键",
    "3.5": "(五)深化",
    "3.6": "(六)创新",
    "4.1": "(一)加强组织",
    "4.2": "(二)加大支持",
    "4.3": "(三)加强统计",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def document() -> str:
    return FOLDER.joinpath("guidance-2023-104.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def clause_texts(document: str) -> dict[str, str]:
    """The document cut at its headings: clause number → its text."""
    starts = [document.index(heading) for heading in HEADINGS.values()]
    assert starts == sorted(starts)
    return {
        clause: document[start:end]
        for clause, (start, end) in zip(HEADINGS, pairwise([*starts, len(document)]), strict=True)
    }


@pytest.fixture(scope="session")
def tree() -> dict[str, Any]:
    """The file as it stands, before any class has seen it."""
    data: dict[str, Any] = yaml.safe_load(FOLDER.joinpath("industries.yaml").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="session")
def nodes(tree: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every mapping of the file with its path."""
    found: list[tuple[str, dict[str, Any]]] = []

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict):
            found.append((path, node))
            for key, child in node.items():
                walk(child, f"{path}.{key}")
        elif isinstance(node, list):
            for number, child in enumerate(node):
                name = child.get("id", number) if isinstance(child, dict) else number
                walk(child, f"{path}[{name}]")

    walk(tree, "")
    return found


@pytest.fixture(scope="session")
def brackets(clause_texts: dict[str, str]) -> dict[str, list[str]]:
    """The departments in the bracket at each clause's end, in its order."""
    found = {}
    for clause, text in clause_texts.items():
        if matches := re.findall(r"\(([^()]*?按职责分工负责)\)", text):
            names = re.sub("等?按职责分工负责", "", matches[-1])
            found[clause] = re.split("[、,]", names)
    return found
