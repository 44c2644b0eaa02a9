"""Texts in German, Korean and Russian, written for this test and not from the vocabulary's lists."""

import pytest

from services.catalogue import load
from services.catalogue.terms import load_terms
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.placement import place
from services.matcher.domain.texts.windows import normal
from services.matcher.domain.texts.wording import Wording
from services.matcher.score.terms import placed_terms

WORDING = Wording(load_terms())
CODES = codes_of(load())
LEAST, LEAST_AFTERWARDS = 0.9, 0.7
TEXTS = {
    "de": {
        "third-gen-semiconductor": "Wir suchen einen Ingenieur für die Epitaxie von Siliziumkarbid und "
        "den Aufbau von Leistungshalbleitern.",
        "future-network": "Entwicklung von Basisstationen für den Mobilfunk der sechsten "
        "Generation und von Satellitenkommunikation.",
        "hydrogen": "Erfahrung mit Stacks für Brennstoffzellen und mit der Auslegung von "
        "Elektrolyseuren ist erforderlich.",
        "energy-storage": "Betrieb großer Batteriespeicher im Stromnetz, Alterung von Lithium-Ionen-Batterien.",
        "cell-gene": "Leitung einer Arbeitsgruppe zur Gentherapie mit viralen Vektoren und zu Stammzellen.",
        "synthetic-biology": "Promotion in Synthetischer Biologie, Umbau von Stoffwechselwegen in Hefe.",
        "general-intelligence": "Forschung zum maschinellen Lernen; Training großer Sprachmodelle auf "
        "verteilten Rechnern.",
        "frontier-materials": "Bauteile aus Kohlenstofffaser und anderen Verbundwerkstoffen für den Leichtbau.",
        "ccus": "Verfahrensingenieur für die CO2-Abscheidung aus Rauchgas in Zementwerken.",
        "virtual-reality": "Brillen für Virtuelle Realität, Darstellung und Gestenerkennung.",
        "quantum": "Aufbau eines Quantencomputers mit gefangenen Ionen und von Strecken zur Quantenkommunikation.",
        "deep-sea-earth-aerospace": "Konstruktion von Fahrzeugen für die Tiefsee und von Triebwerken der Raumfahrt.",
        "humanoid-robot": "Laufende Roboter mit zwei Beinen, Regelung der Gelenke.",
        "advanced-nuclear": "Sicherheitsanalyse kleiner Kernreaktoren, Neutronenphysik.",
    },
    "ko": {
        "third-gen-semiconductor": "탄화규소 에피 성장과 전력반도체 공정 경험이 있는 엔지니어를 찾습니다.",
        "future-network": "차세대 이동통신 기지국과 위성통신 단말 개발 경력자.",
        "hydrogen": "연료전지 스택 설계와 수전해 설비 운영 경험 필수.",
        "energy-storage": "리튬이온 배터리 팩과 에너지 저장 장치의 열화 분석.",
        "cell-gene": "바이러스 벡터를 이용한 유전자 치료제와 줄기세포 배양 연구.",
        "synthetic-biology": "합성생물학 기반 미생물 균주 설계 박사.",
        "general-intelligence": "인공지능 연구원, 대규모 언어 모델 학습 및 추론 최적화.",
        "frontier-materials": "탄소섬유 복합재료 성형과 그래핀 코팅 개발.",
        "ccus": "시멘트 공장 배기가스의 이산화탄소 포집 공정 설계.",
        "virtual-reality": "가상현실 헤드셋의 광학계와 증강현실 콘텐츠 제작.",
        "quantum": "이온 트랩 양자컴퓨터 하드웨어와 양자암호 장비 개발.",
        "deep-sea-earth-aerospace": "심해 탐사정과 항공우주 구조물 설계 경력.",
        "humanoid-robot": "이족 보행 로봇의 관절 구동기 제어.",
        "advanced-nuclear": "소형 원자로 노심 설계 및 원자력 안전 해석.",
    },
    "ru": {
        "third-gen-semiconductor": "Эпитаксия карбида кремния, технология приборов силовой электроники.",
        "future-network": "Разработка базовых станций мобильной связи шестого поколения и "
        "терминалов спутниковой связи.",
        "hydrogen": "Проектирование батарей топливных элементов, опыт работы с электролизёрами.",
        "energy-storage": "Системы накопителей энергии на основе литий-ионных аккумуляторов.",
        "cell-gene": "Руководитель группы генной терапии, культивирование стволовых клеток.",
        "synthetic-biology": "Кандидат наук в области синтетической биологии, штаммы дрожжей.",
        "general-intelligence": "Исследователь в области искусственного интеллекта, обучение больших "
        "языковых моделей.",
        "frontier-materials": "Детали из углеродного волокна и композиционных материалов, покрытия из графена.",
        "ccus": "Инженер по улавливанию углекислого газа на цементных заводах.",
        "virtual-reality": "Шлемы виртуальной реальности, распознавание жестов.",
        "quantum": "Создание квантового компьютера на ионах и линий квантовой криптографии.",
        "deep-sea-earth-aerospace": "Глубоководные аппараты и двигатели космических аппаратов.",
        "humanoid-robot": "Двуногие шагающие роботы, управление суставами.",
        "advanced-nuclear": "Расчёт активной зоны малых ядерных реакторов.",
    },
}
AFTERWARDS = {
    "de": (
        ("hydrogen", "Betrieb von Wasserstofftankstellen und Verdichtern"),
        ("energy-storage", "Natrium-Ionen-Akkus, Zellfertigung, Pouchzellen"),
        ("general-intelligence", "Deep Learning für Bildverarbeitung, neuronale Netze"),
        ("quantum", "Quantenoptik, Einzelphotonenquellen, Quantencomputing"),
        ("advanced-nuclear", "Kerntechnik, Brennelemente, Reaktorphysik"),
        ("cell-gene", "CRISPR, Zellkultur, CAR-T-Zellen"),
        ("humanoid-robot", "humanoide Roboter, Aktoren"),
        ("deep-sea-earth-aerospace", "Auslegung von Raketentriebwerken und Satelliten"),
    ),
    "ko": (
        ("hydrogen", "그린수소 생산 및 수소 충전소 운영"),
        ("energy-storage", "전고체 배터리 전해질 개발"),
        ("general-intelligence", "딥러닝 기반 컴퓨터 비전 연구"),
        ("quantum", "양자 컴퓨팅 알고리즘"),
        ("advanced-nuclear", "핵융합 토카막 플라즈마"),
        ("cell-gene", "CAR-T 세포치료제 공정"),
        ("humanoid-robot", "휴머노이드 손 설계"),
        ("deep-sea-earth-aerospace", "무인기 비행 제어"),
    ),
    "ru": (
        ("hydrogen", "Производство зелёного водорода, водородные заправки"),
        ("energy-storage", "Твердотельные аккумуляторы, электролиты"),
        ("general-intelligence", "Глубокое обучение, компьютерное зрение, нейросети"),
        ("quantum", "Квантовые вычисления на сверхпроводящих кубитах"),
        ("advanced-nuclear", "Термоядерный синтез, токамаки"),
        ("cell-gene", "Редактирование генома CRISPR"),
        ("humanoid-robot", "Человекоподобные роботы"),
        ("deep-sea-earth-aerospace", "Беспилотные летательные аппараты"),
    ),
}
"""Short ones, written when the vocabulary was done, which was not changed by them."""
OTHERS = (
    "Geschichte der mittelalterlichen Städte am Rhein",
    "Pflege älterer Menschen im Krankenhaus, Schichtdienst",
    "조선 시대 농업과 지방 행정의 역사 연구",
    "초등학교 영어 교사, 방과 후 수업 담당",
    "Перевод художественной литературы с английского языка",
    "Добыча углеводородов на суше, бухгалтерский учёт в нефтяной компании",
    "Кандидат юридических наук, работа с договорами",
    "Buchhaltung und Steuern in einem Handelsbetrieb, gute Kenntnisse der Gesetze",
)


@pytest.mark.parametrize("language", TEXTS)
def test_texts_in_other_languages_are_placed(language: str) -> None:
    """By their largest share; what is missed is told."""
    missed = [(industry, text) for industry, text in TEXTS[language].items() if placed(text) != industry]
    assert len(missed) <= (1 - LEAST) * len(TEXTS[language]), missed


def test_so_are_most_texts_that_nobody_had_seen() -> None:
    texts = [each for some in AFTERWARDS.values() for each in some]
    missed = [(industry, text) for industry, text in texts if placed(text) != industry]
    assert len(missed) <= (1 - LEAST_AFTERWARDS) * len(texts), missed


def placed(text: str) -> str | None:
    shares = place(WORDING, text).shares
    return CODES.industry_of(shares[0].code) if shares else None


def test_what_a_text_lacks_is_told_in_chinese_and_english_alone() -> None:
    told = placed_terms(WORDING, [leaf.code for leaf in CODES.leaves], "").missing
    own = {normal(word) for each in load_terms() for leaf in each.leaves for word in leaf.abroad}
    assert own
    assert not own & {normal(word) for leaf in CODES.leaves for word in WORDING.terms_of(leaf.code)}
    assert not own & {term.text for term in told}


@pytest.mark.parametrize("text", OTHERS)
def test_other_fields_in_other_languages_are_none_of_them(text: str) -> None:
    assert not place(WORDING, text).shares
