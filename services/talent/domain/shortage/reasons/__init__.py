"""Why a cell is as it is, beside which others, and what would help."""
