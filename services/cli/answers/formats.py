"""The formats of an answer."""

from enum import StrEnum


class Format(StrEnum):
    """What `-o` may say."""

    TABLE = "table"
    WIDE = "wide"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"
    XLSX = "xlsx"
