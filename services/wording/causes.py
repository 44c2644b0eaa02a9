"""What the likely causes of a shortage are called, by their codes, in the order in which they are looked for."""

from services.kernel.text import Text

CAUSES = {
    "coverage": Text("库覆盖不足", "coverage"),
    "location": Text("区位缺口", "location"),
    "training-long": Text("培养缺口", "long training"),
    "training-short": Text("短训缺口", "short training"),
    "suitability": Text("适配缺口", "suitability"),
    "retention": Text("留存缺口", "retention"),
    "funded": Text("资本驱动", "funded demand"),
}
