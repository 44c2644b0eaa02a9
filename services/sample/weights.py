"""How unevenly people, jobs and firms are spread: chosen so that tight, slack and empty cells all occur.

The figures are invented for the sample; they say nothing about any real city or industry.
"""

from collections.abc import Mapping

# industry: (people, positions, firms)
INDUSTRY: Mapping[str, tuple[float, float, float]] = {
    "third-gen-semiconductor": (10, 14, 13),
    "future-network": (9, 7, 9),
    "hydrogen": (6, 13, 10),
    "energy-storage": (12, 13, 13),
    "cell-gene": (11, 10, 12),
    "synthetic-biology": (7, 6, 7),
    "general-intelligence": (16, 9, 12),
    "frontier-materials": (9, 6, 8),
    "ccus": (4, 6, 4),
    "virtual-reality": (9, 4, 6),
    "quantum": (2, 3, 2),
    "deep-sea-earth-aerospace": (3, 5, 4),
    "humanoid-robot": (2, 8, 4),
    "advanced-nuclear": (1.5, 2, 1),
}
# city: (people, positions, firms)
CITY: Mapping[str, tuple[float, float, float]] = {
    "nanjing": (25, 15, 19),
    "suzhou": (19, 22, 24),
    "wuxi": (11, 13, 13),
    "changzhou": (8, 11, 10),
    "nantong": (6, 12, 8),
    "xuzhou": (7, 5, 5),
    "yangzhou": (5, 4, 4),
    "zhenjiang": (5, 4, 4),
    "taizhou": (4, 5, 4),
    "yancheng": (2, 6, 3),
    "lianyungang": (2, 3, 2),
    "huaian": (2, 2, 2),
    "suqian": (1, 2, 2),
}
OUTSIDE_PEOPLE = 6.0
# (industry, city): how much stronger the industry is there, for people and for jobs and firms
CLUSTER: Mapping[tuple[str, str], tuple[float, float]] = {
    ("hydrogen", "nantong"): (1.2, 3.5),
    ("hydrogen", "yancheng"): (1.0, 3.0),
    ("hydrogen", "suzhou"): (1.6, 1.2),
    ("energy-storage", "changzhou"): (2.5, 3.0),
    ("energy-storage", "yancheng"): (1.0, 2.0),
    ("third-gen-semiconductor", "wuxi"): (1.8, 2.2),
    ("third-gen-semiconductor", "xuzhou"): (1.0, 2.0),
    ("cell-gene", "taizhou"): (3.0, 4.0),
    ("cell-gene", "suzhou"): (1.5, 1.4),
    ("synthetic-biology", "changzhou"): (1.5, 2.5),
    ("synthetic-biology", "wuxi"): (1.8, 1.2),
    ("general-intelligence", "nanjing"): (1.8, 1.0),
    ("future-network", "nanjing"): (2.0, 1.4),
    ("ccus", "xuzhou"): (2.5, 1.2),
    ("ccus", "nantong"): (0.5, 2.0),
    ("deep-sea-earth-aerospace", "wuxi"): (2.5, 1.4),
    ("deep-sea-earth-aerospace", "lianyungang"): (1.0, 3.0),
    ("advanced-nuclear", "lianyungang"): (1.0, 6.0),
    ("quantum", "nanjing"): (2.5, 1.5),
    ("humanoid-robot", "suzhou"): (1.2, 1.8),
    ("frontier-materials", "zhenjiang"): (2.0, 2.0),
    ("virtual-reality", "nanjing"): (1.6, 1.0),
}
# leaf: (people, positions); 1 where absent. Zero makes the cells that must be shown as gaps, not as rates.
LEAF: Mapping[str, tuple[float, float]] = {
    "gravity": (0, 1.0),
    "h2-metallurgy": (0, 1.2),
    "mineral-storage": (0, 0.8),
    "light-metal-storage": (0, 1.0),
    "business-model": (0.8, 0),
    "app-performance": (0.8, 0),
    "app-disability": (0.6, 0),
    "dna-storage": (1.0, 0),
    "seawater-h2": (0.25, 2.0),
    "liquid-h2": (0.3, 1.8),
    "h2-equipment": (0.8, 2.0),
    "all-solid-li": (0.8, 2.2),
    "sic": (1.2, 2.0),
    "ga2o3": (1.5, 0.5),
    "car-t": (1.2, 1.5),
    "large-model": (2.5, 1.8),
    "smart-manufacturing": (1.0, 2.0),
    "satellite-internet": (0.7, 2.0),
    "graphene": (2.5, 0.4),
    "carbon-fibre": (0.8, 1.8),
    "compressed-air": (0.6, 1.6),
    "genomics": (2.0, 0.6),
    "application-software": (2.0, 0.5),
}
# category: (people, positions)
CATEGORY: Mapping[str, tuple[float, float]] = {
    "strategic-scientist": (1, 1),
    "leading-scientist": (7, 5),
    "young-scientist": (31, 14),
    "outstanding-engineer": (38, 45),
    "highly-skilled": (18, 31),
    "master-craftsman": (5, 4),
}
