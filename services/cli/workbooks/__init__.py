"""Workbooks and values as they are written in their cells, on their way to the services."""
