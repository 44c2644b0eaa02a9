"""One linear program, searched for one objective after another."""

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.binding import System

Numbers = NDArray[np.float64]


class Searching:
    """Each search begins where the one before it ended, which takes a fraction of beginning anew."""

    def __init__(self, system: System) -> None:
        """Sets the program up."""
        self._size = system.low.size
        self._numbers = np.arange(self._size, dtype=np.int32)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self._solver.setOptionValue(name, value)
        # The primal simplex: another objective leaves the point before it feasible.
        self._solver.setOptionValue("simplex_strategy", 4)
        self._solver.passModel(program_of(system))

    def point(self, aims: Numbers) -> Numbers | None:
        """The point with the least Σ aims · x; None if there is none, or the search did not end."""
        self._solver.changeColsCost(self._size, self._numbers, aims)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self._solver.getSolution().col_value)


def program_of(system: System) -> highspy.HighsLp:
    """The points of a system as a program without an objective."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = system.rows.shape
    program.col_cost_ = np.zeros(system.low.size)
    program.col_lower_, program.col_upper_ = system.low, system.high
    program.row_lower_, program.row_upper_ = system.at_least, system.at_most
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = system.rows.indptr
    program.a_matrix_.index_ = system.rows.indices
    program.a_matrix_.value_ = system.rows.data
    return program
