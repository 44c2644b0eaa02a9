"""Duty dossiers: assembled from the record, packed for an auditor, verified without this system."""
