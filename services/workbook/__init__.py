"""The exchange format: one workbook whose sheets carry people, teams, positions, firms, funds and deals."""
