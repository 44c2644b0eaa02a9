"""Write the runs of the present version."""

from tests.unit.funding.kept_runs import write

write()
