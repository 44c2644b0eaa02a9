"""`python -m services.funding serve | migrate | verify-audit | keys DIR`."""

import sys

from services.chassis.process.process import run
from services.funding.app import BLUEPRINT

if __name__ == "__main__":
    sys.exit(run(BLUEPRINT))
