"""The gateway's JSON against protobuf's own: what one writes the other reads, for every request of the contract."""

from types import SimpleNamespace

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from services.console.gateway.bindings import bindings
from services.console.gateway.json.reading import Reader
from services.console.gateway.json.writing import Writer
from tests.contract.noise import Noise


@pytest.mark.parametrize("seed", range(3))
def test_every_request_is_written_and_read_as_protobuf_does(seed: int) -> None:
    noise, writer = Noise(seed), Writer()
    for binding in bindings():
        kind = binding.request_class
        message = noise.right(SimpleNamespace(name="Update", input_type=f".{binding.request.full_name}"))
        told = MessageToDict(
            message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
        )
        assert writer.to_json(message) == told, binding.rpc
        for form in (told, MessageToDict(message)):
            back, reader = kind(), Reader()
            reader.fill(back, form)
            reader.done()
            assert back == ParseDict(form, kind()) == message
