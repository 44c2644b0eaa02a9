"""What people have written is shown as they wrote it, whatever it would mean to a browser."""

import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from markupsafe import escape

from services.console.web.refusals import page
from services.console.web.rendering import TEMPLATES
from services.kernel.text import Text
from tests.unit.console.pages.visiting import visit

HOSTILE = '<img src=x onerror="alert(1)">\'{{7*7}}</script>'
NAMES = sorted(str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("asked", [{}, {"q": HOSTILE, "next": HOSTILE}])
def test_hostile_words_stand_on_a_page_as_words(asked: dict[str, str]) -> None:
    for language in ("zh", "en"):
        body = bytes(
            page(visit(asked, subject=HOSTILE, language=language), 404, None, Text(HOSTILE, HOSTILE)).body
        )
        text = body.decode()
        assert text.count(str(escape(HOSTILE))) >= 2, "who is signed in, and what is said"
        assert "<img" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_template_takes_nothing_for_safe_but_what_it_says_itself(name: str) -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), "escaping is switched off"
    for each in tree.find_all(nodes.Filter):
        if each.name == "safe":
            constant = each.node.expr1 if isinstance(each.node, nodes.CondExpr) else each.node
            assert isinstance(constant, nodes.Const), f"line {each.lineno}"
