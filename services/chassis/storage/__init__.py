"""Databases: engines and transactions, kinds of columns and tables, migrations, lists in pages."""
