"""How answers are written: tables for people, JSON, YAML, CSV and XLSX for machines."""
