"""Every service and method of the contract has a Chinese name, and nothing else has one."""

from services.chassis.comments import load_comments
from services.console.gateway.bindings import bindings
from services.console.gateway.openapi.document import document
from services.wording import methods

PAGED = ("MatchingService", "ListEvents")
"""Answered by the gateway itself."""


def test_every_method_has_a_name_and_every_name_a_method() -> None:
    described = {(each.method.containing_service.name, each.method.name) for each in bindings()} | {PAGED}
    named = {(service, name) for service, names in methods._CHINESE.items() for name in names if name != "_"}
    assert named == described
    for service, name in described:
        assert methods.service_title(service).zh
        assert methods.method_title(service, name).en == name


def test_names_within_a_service_tell_its_methods_apart() -> None:
    for names in methods._CHINESE.values():
        assert len(set(names.values()) - {names["_"]}) == len(set(names)) - 1


def test_the_document_has_the_names() -> None:
    whole = document(bindings(), load_comments())
    assert whole["paths"]["/v1/persons:search"]["get"]["summary"] == "检索人才 SearchPersons"
    assert all(
        operation["summary"].split(" ")[0]
        for verbs in whole["paths"].values()
        for operation in verbs.values()
    )
