"""Every method of the contract can be reached over HTTP, in the form that its kind has there."""

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.chassis.contract import access_of
from services.console.gateway.bindings import SERVICES, WHOLE, Binding, bindings, bindings_of, methods_of
from services.console.gateway.routing import Router
from services.console.gateway.templates import parse

_ALL = bindings()
_STANDARD = {"Update": "PATCH", "Delete": "DELETE", "Get": "GET", "List": "GET", "Create": "POST"}


def _field(described: Descriptor, path: str) -> FieldDescriptor | None:
    name, _, rest = path.partition(".")
    found = described.fields_by_name.get(name)
    if found is None or not rest:
        return found
    return _field(found.message_type, rest) if found.message_type else None


def test_every_method_has_a_form() -> None:
    methods = [each for service in SERVICES for each in methods_of(service)]
    assert len(methods) >= 299
    assert [each.full_name for each in methods if not list(bindings_of(each))] == []


def test_no_two_methods_share_one() -> None:
    Router(_ALL)
    with pytest.raises(ValueError, match="GetDeal and"):
        Router([*_ALL, next(each for each in _ALL if each.method.name == "GetDeal")])


def test_a_literal_end_is_never_mistaken_for_an_id() -> None:
    router = Router(_ALL)
    for each in _ALL:
        path = each.template.shape.replace("*", "x1").encode()
        assert router.find(each.verb, path)[0] is each


@pytest.mark.parametrize("each", _ALL, ids=lambda each: f"{each.verb} {each.template.shape}")
def test_forms_fit_their_requests(each: Binding) -> None:
    assert each.template.segments[0] == "v1"
    for variable in each.template.variables:
        found = _field(each.request, variable.field)
        assert found is not None
        assert found.type == FieldDescriptor.TYPE_STRING
        assert not found.is_repeated
    if each.body not in ("", WHOLE):
        assert each.body in each.request.fields_by_name
    reads = not access_of(each.method).mutates
    if each.verb == "GET":
        assert reads
    if each.verb in ("GET", "DELETE"):
        assert not each.body
    for start, verb in _STANDARD.items():
        if each.method.name.startswith(start):
            assert next(bindings_of(each.method)).verb == verb


@pytest.mark.parametrize("wrong", ["v1/a", "/v1//a", "/v1/{a", "/v1/a*", "/v1/{A=b/*}", "", ":verb"])
def test_other_templates_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"template|segments"):
        parse(wrong)
