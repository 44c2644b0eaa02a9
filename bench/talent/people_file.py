"""A CSV file of people of any size, drawn the same for the same seed. Everything in it is SYNTHETIC."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from services.catalogue import Catalogue

_HEADER = (
    "编号,姓名,人才类别,所在城市,可流动城市,到岗意愿,研究方向,当前单位,职务,简介,"
    "代表成果,手机,邮箱,记录日期,同意用途,数据来源"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂香建国海燕宁欣怡梓涵子轩浩宇晨曦文博思远嘉懿俊熙若晗雨桐"
    "一诺睿泽凯琳雪梅志鹏立新春华红云飞龙永康少波振东晓玲玉兰"
)
_TITLES = ("高级工程师", "研究员", "副教授", "技术总监", "工艺工程师", "首席科学家", "项目经理")
_TOPICS = ("主持省级课题{}项", "参与中试线建设{}条", "申请发明专利{}件", "带领{}人团队", "完成样机{}台")


def write_people(path: Path, catalogue: Catalogue, number: int, seed: int, *, later: bool = False) -> None:
    """Write `number` people: one to three directions each, half of them with works, all with contact data. `later`: the
    same people, each seen three months later under another title.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER.split(","))
        writer.writerows(_rows(catalogue, number, random.Random(seed), later=later))


def _rows(catalogue: Catalogue, number: int, draw: random.Random, *, later: bool) -> Iterator[list[str]]:
    leaves = [(leaf.code, leaf.name_zh) for leaf in catalogue.leaves]
    cities = [city.short_zh for city in catalogue.cities]
    categories = [category.name_zh for category in catalogue.categories]
    for n in range(number):
        some = draw.sample(leaves, draw.choices((1, 2, 3), (6, 3, 1))[0])
        topic = draw.choice(_TOPICS).format(draw.randint(1, 9))
        yield [
            f"B-{n:08d}",
            draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=draw.choice((1, 2, 2)))),
            draw.choice(categories),
            draw.choice(cities),
            ";".join(draw.sample(cities, draw.randint(0, 2))),
            draw.choice(("随时", "半年内", "柔性", "暂不流动")),
            _shares([code for code, _ in some]),
            f"演示研究院第{draw.randint(1, 5000)}所",
            ("资深" if later else "") + draw.choice(_TITLES),
            f"从事{'、'.join(name for _, name in some)}研究，{topic}，与企业合作{draw.randint(1, 5)}家。",
            f"{some[0][1]}装置及其方法\n{some[0][1]}技术进展" if n % 2 else "",
            f"138{draw.randrange(10**8):08d}",
            f"p{n}@example.cn",
            f"2026-{draw.randint(1, 6) + (3 if later else 0):02d}-{draw.randint(1, 28):02d}",
            draw.choice(("人岗匹配;数据统计", "数据统计", "人岗匹配;企业对接;数据统计", "")),
            "演示数据",
        ]


def _shares(codes: list[str]) -> str:
    parts = {1: ("",), 2: (":0.6", ":0.4"), 3: (":0.5", ":0.3", ":0.2")}[len(codes)]
    return ";".join(code + part for code, part in zip(codes, parts, strict=True))
