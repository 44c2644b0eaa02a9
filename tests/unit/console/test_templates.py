from jinja2 import Environment, FileSystemLoader, nodes

from services.console.web.rendering import TEMPLATES

NAMES = sorted(str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*") if each.is_file())


def test_every_template_reads_and_what_it_takes_from_another_is_there() -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    parsed = {name: environment.parse((TEMPLATES / name).read_text(encoding="utf-8")) for name in NAMES}
    macros = {name: {each.name for each in tree.find_all(nodes.Macro)} for name, tree in parsed.items()}
    for name, tree in parsed.items():
        for taken in tree.find_all(nodes.FromImport):
            assert isinstance(taken.template, nodes.Const)
            wanted = {each if isinstance(each, str) else each[0] for each in taken.names}
            assert wanted <= macros[taken.template.value], (name, taken.template.value)
