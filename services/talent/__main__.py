"""`python -m services.talent serve | migrate | verify-audit | keys DIR`."""

import sys

from services.chassis.process.process import run
from services.talent.app import BLUEPRINT

if __name__ == "__main__":
    sys.exit(run(BLUEPRINT))
