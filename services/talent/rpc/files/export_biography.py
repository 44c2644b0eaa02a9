"""Names, affiliations, education and works of a person as cells, which the import reads again."""

from typing import Any

from bole.talent.v1 import person_pb2
from services.workbook.choices import DEGREE, NAME_KIND, WORK_KIND, label_zh
from services.workbook.lines import written


def names(person: person_pb2.Person) -> str:
    """Other names, with the kind of each."""
    kinds = person_pb2.OtherName.Kind
    return written(
        [
            (each.text, label_zh(NAME_KIND, kinds.Name(each.kind).removeprefix("KIND_")) if each.kind else "")
            for each in person.other_names
        ]
    )


def affiliations(person: person_pb2.Person) -> str:
    """Employer, title, first and last day."""
    return written(
        [
            (each.employer, each.job_title, day(each.start_date), day(each.end_date))
            for each in person.affiliations
        ]
    )


def education(person: person_pb2.Person) -> str:
    """School, degree, subject, year."""
    degrees = person_pb2.Education.Degree
    return written(
        [
            (
                each.school,
                label_zh(DEGREE, degrees.Name(each.degree).removeprefix("DEGREE_")) if each.degree else "",
                each.subject,
                str(each.year or ""),
            )
            for each in person.education
        ]
    )


def works(person: person_pb2.Person) -> str:
    """Title, kind, year, link."""
    kinds = person_pb2.Work.Kind
    return written(
        [
            (
                each.title,
                label_zh(WORK_KIND, kinds.Name(each.kind).removeprefix("KIND_")) if each.kind else "",
                str(each.year or ""),
                each.link,
            )
            for each in person.work_items
        ]
    )


def day(value: Any) -> str:
    """A date as ISO writes it; empty for none."""
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}" if value.year else ""
