"""Directions that a region adds of its own below the document's industries (地方补充方向, `origin: local`).

They come from a file of the installation:

    editions:                      # oldest first; the last one is what `directions` lists
      - {version: "2026-1", directions: {}}
      - {version: "2027-1", directions: {local-old: {local-new: 1000}}}
    directions:
      - id: local-quantum-sensing  # begins with local-, so that it never is a code of the document
        industry: quantum
        name_zh: 量子精密测量
        name_en: Quantum sensing
        basis: 设区市文件或会议纪要    # what it was added by
        aliases: [量子传感]         # other names, optional
        terms: [原子磁力计]         # words of the trade, optional

`directions` of an edition are those that it no longer has, each with what takes its place in thousandths, as in
`editions.yaml`: another local direction, one of the document or an industry that is its own leaf.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import yaml

from services.catalogue.catalogue import Catalogue
from services.catalogue.lookup import fold
from services.catalogue.model import LocalDirection
from services.catalogue.model.industry import LOCAL_PREFIX, is_local
from services.catalogue.succession import Edition, Succession
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.excerpt import excerpt
from services.kernel.text import Text

MOST = 200
LARGEST_FILE = 1 << 18
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,11}")
_LONGEST_CODE, _LONGEST_NAME, _MOST_WORDS = 63, 60, 40
_REQUIRED = ("id", "industry", "name_zh", "name_en", "basis")
_OPTIONAL = ("aliases", "terms")


def with_local(policy: Catalogue, data: bytes) -> Catalogue:
    """The policy's catalogue with the directions of a file as above. Its version says both, and by a digest
    every change of the file.

    Raises InvalidArgument that names every place of the file that breaks a rule.
    """
    tree = _tree(data)
    found = list(_mistakes(tree, policy))
    if found:
        raise InvalidArgument.of(*found)
    editions = tuple(_edition(node) for node in tree["editions"])
    whole = replace(
        policy,
        version=f"{policy.version}+{editions[-1].version}.{sha256(data).hexdigest()[:8]}",
        local_directions=tuple(_direction(node) for node in tree["directions"]),
        local_file=data,
        succession=Succession((*editions, *policy.succession.editions)),
    )
    try:
        whole.succession.check(policy.version, (leaf.code for leaf in whole.leaves))
    except ValueError as error:
        raise _wrong(
            "editions", "LOCAL_SUCCESSION", f"不再使用的方向没有落到现有方向上：{error}", str(error)
        ) from None
    return whole


def _tree(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_FILE:
        raise _wrong("", "LOCAL_FILE_TOO_LARGE", "文件不得超过256KiB", "the file may have at most 256 KiB")
    try:
        tree = yaml.load(data, _Plain)  # noqa: S506 (plain values only: a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = "" if line is None else f"第{line + 1}行"
        raise _wrong(
            "", "LOCAL_FILE_UNREADABLE", f"{at}不是YAML，请更正", "not YAML" + (f", line {(line or 0) + 1}")
        ) from None
    if not isinstance(tree, dict) or set(tree) != {"editions", "directions"}:
        raise _wrong(
            "",
            "LOCAL_FILE_FORM",
            "文件须由 editions 与 directions 两部分组成",
            "the file consists of editions and directions, and of nothing else",
        )
    for part in ("editions", "directions"):
        if not isinstance(tree[part], list) or not all(isinstance(each, dict) for each in tree[part]):
            raise _wrong(part, "LOCAL_FILE_FORM", f"{part} 须为列表", f"{part} is a list of entries")
    return tree


class _Plain(yaml.SafeLoader):
    """Without aliases, by which a small file could grow without bounds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        return super().compose_node(parent, index)


def _mistakes(tree: Mapping[str, Any], policy: Catalogue) -> Iterator[Violation]:
    directions = tree["directions"]
    if len(directions) > MOST:
        yield _found(
            "directions", "LOCAL_TOO_MANY", f"最多{MOST}个地方方向", f"at most {MOST} local directions"
        )
    shaped = []
    for at, node in enumerate(directions):
        wrong = list(_of_entry(f"directions[{at}]", node))
        yield from wrong
        if not wrong:
            shaped.append((f"directions[{at}]", node))
    yield from _of_codes(shaped, policy)
    yield from _of_names(shaped, policy)
    yield from _of_editions(tree["editions"])


def _of_entry(place: str, node: Mapping[str, Any]) -> Iterator[Violation]:
    for name in sorted(str(each) for each in set(node) - {*_REQUIRED, *_OPTIONAL}):
        yield _found(
            f"{place}.{excerpt(name)}", "LOCAL_FIELD_UNKNOWN", "没有这一项", "there is no such entry"
        )
    for name in _REQUIRED:
        value = node.get(name)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            yield _found(f"{place}.{name}", "REQUIRED", f"{name} 须填写文字", f"{name} is a text, not empty")
        elif len(value) > _LONGEST_NAME and name != "id":
            yield _found(
                f"{place}.{name}",
                "TOO_LONG",
                f"最多{_LONGEST_NAME}个字",
                f"at most {_LONGEST_NAME} characters",
            )
    for name in _OPTIONAL:
        words = node.get(name, [])
        good = isinstance(words, list) and all(
            isinstance(each, str) and len(fold(each)) > 1 for each in words
        )
        if not good or len(words) > _MOST_WORDS:
            yield _found(
                f"{place}.{name}",
                "LOCAL_WORDS",
                f"须为词语列表，每词两字以上，最多{_MOST_WORDS}个",
                f"a list of at most {_MOST_WORDS} words of two characters or more",
            )


def _of_codes(entries: Iterable[tuple[str, Mapping[str, Any]]], policy: Catalogue) -> Iterator[Violation]:
    industries = {each.id for each in policy.industries}
    seen: set[str] = set()
    for place, node in entries:
        code, industry = node["id"], node["industry"]
        if not _is_code(code):
            yield _found(
                f"{place}.id",
                "LOCAL_CODE_FORM",
                f"代码“{excerpt(code)}”须以 {LOCAL_PREFIX} 开头，"
                f"由小写字母、数字和连字符组成，不超过{_LONGEST_CODE}个字符",
                f"{excerpt(code)!r}: a code begins with {LOCAL_PREFIX}, in small letters, digits and hyphens, at most "
                f"{_LONGEST_CODE} of them",
            )
        if code in seen:
            yield _found(f"{place}.id", "LOCAL_CODE_REPEATED", f"{code} 重复", f"{code} is listed twice")
        seen.add(code)
        if industry not in industries:
            known = "、".join(sorted(industries))
            yield _found(
                f"{place}.industry",
                "UNKNOWN_INDUSTRY",
                f"没有产业“{excerpt(industry)}”，可用：{known}",
                f"no industry {excerpt(industry)!r}; use {known}",
            )


def _of_names(entries: Iterable[tuple[str, Mapping[str, Any]]], policy: Catalogue) -> Iterator[Violation]:
    """A name that the document or another local direction has would be read as that one, or as neither."""
    taken = {
        fold(name): entry.id
        for vocabulary in (policy.vocabulary_of_industries, policy.vocabulary_of_directions)
        for entry in vocabulary.entries
        for name in (entry.id, *entry.names)
    }
    for place, node in entries:
        for name in (node["name_zh"], node["name_en"], *node.get("aliases", ())):
            holder = taken.setdefault(fold(name), node["id"])
            if holder != node["id"]:
                yield _found(
                    place,
                    "LOCAL_NAME_TAKEN",
                    f"名称“{excerpt(name)}”已属于 {holder}，请换用其他名称",
                    f"the name {excerpt(name)!r} is that of {holder}; take another one",
                )


def _of_editions(nodes: list[Any]) -> Iterator[Violation]:
    if not nodes:
        yield _found("editions", "REQUIRED", "至少须有一个版次", "there is at least one edition")
    for at, node in enumerate(nodes):
        version, gone = node.get("version"), node.get("directions", {})
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            yield _found(
                f"editions[{at}].version",
                "LOCAL_VERSION_FORM",
                "版次须为引号中的文字：字母、数字、点和连字符，不超过12个",
                "a version is a quoted text of letters, digits, dots and hyphens, at most 12",
            )
        if not isinstance(gone, dict) or not all(_is_place(code, shares) for code, shares in gone.items()):
            yield _found(
                f"editions[{at}].directions",
                "LOCAL_SUCCESSION",
                f"须为“{LOCAL_PREFIX}代码: {{去向代码: 千分数}}”",
                f"wanted: {LOCAL_PREFIX}code: {{code that takes its place: thousandths}}",
            )


def _is_code(code: str) -> bool:
    return is_local(code) and _CODE.fullmatch(code) is not None and len(code) <= _LONGEST_CODE


def _is_place(code: object, shares: object) -> bool:
    return (
        isinstance(code, str)
        and _is_code(code)
        and isinstance(shares, dict)
        and all(isinstance(place, str) and type(share) is int for place, share in shares.items())
    )


def _edition(node: Mapping[str, Any]) -> Edition:
    gone = node.get("directions", {})
    return Edition(f"local.{node['version']}", {code: tuple(shares.items()) for code, shares in gone.items()})


def _direction(node: Mapping[str, Any]) -> LocalDirection:
    words: dict[str, Any] = {name: tuple(node.get(name, ())) for name in _OPTIONAL}
    return LocalDirection(**{name: node[name].strip() for name in _REQUIRED}, **words)


def _found(place: str, reason: str, zh: str, en: str) -> Violation:
    return Violation(place, reason, Text(f"{place}：{zh}", f"{place}: {en}") if place else Text(zh, en))


def _wrong(place: str, reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.of(_found(place, reason, zh, en))
