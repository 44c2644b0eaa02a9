"""Imports as batches, whatever they import: a ledger, a report of every row, and what an undo goes by."""
