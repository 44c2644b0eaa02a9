"""What every domain speaks in: texts, errors, money, ids and clocks. Imports nothing of ours."""
