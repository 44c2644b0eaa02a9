"""What the parts of the index are called."""

from services.kernel.text import Text

LABELS = {
    "tightness": Text("供需紧张度", "tightness"),
    "difficulty": Text("招聘难度", "difficulty of filling"),
    "pipeline": Text("后备不足", "uncovered pipeline"),
    "momentum": Text("走势", "momentum"),
    "flow": Text("外流", "outflow"),
    "constant": Text("常数项", "constant"),
}
COMPONENT_NAMES = tuple(name for name in LABELS if name != "constant")
