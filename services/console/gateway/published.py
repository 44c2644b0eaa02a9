"""What anybody may read of this without a credential, and keep for a while: descriptions, and what codes are called."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, TypeAlias

from services.catalogue import OUTSIDE, Catalogue
from services.catalogue.vocabularies import OUTSIDE_NAME
from services.console.gateway import headers
from services.console.gateway.headers import Headers
from services.console.gateway.json import text as json_text
from services.console.gateway.replies import Message, Reply, Send
from services.kernel.text import Text
from services.wording.codes import KINDS, LISTLESS

SECONDS: Final = 300
"""How long an answer may be kept without asking."""
_READS: Final = ("GET", "HEAD")
_Coded: TypeAlias = tuple[str, Text, dict[str, Any]]
_ETAG_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Document:
    """One of them: its media type, and how its bytes are made, once."""

    media_type: str
    make: Callable[[], bytes]


class Published:
    """Documents by the paths that they are read at; several paths may lead to one."""

    def __init__(self, documents: Mapping[bytes, Document]) -> None:
        self._documents = documents
        self._made: dict[Document, bytes] = {}

    def __contains__(self, path: bytes) -> bool:
        return path in self._documents

    def answers(self, scope: Message) -> bool:
        """Whether a request reads one of them."""
        return scope["raw_path"] in self._documents and scope["method"] in _READS

    async def tell(self, scope: Message, send: Send) -> None:
        """Answer a request for one of them with its ETag; 304 for the version that the caller has."""
        given, found = Headers(tuple(scope["headers"])), self._documents[scope["raw_path"]]
        if found not in self._made:
            self._made[found] = await asyncio.to_thread(found.make)
        body = self._made[found]
        etag = f'"{sha256(body).hexdigest()[:_ETAG_DIGITS]}"'
        more = {"etag": etag, "cache-control": f"public, max-age={SECONDS}"}
        known = headers.none_match(given, etag)
        reply = Reply(304 if known else 200, b"" if known else body, found.media_type, more)
        await reply.send(send, headers.request_id(given))


def descriptors() -> bytes:
    """The compiled contract: a FileDescriptorSet with everything that it imports."""
    return files("bole").joinpath("contract.binpb").read_bytes()


def codes(catalogue: Catalogue) -> bytes:
    """What the codes in events are called in both languages: kinds, industries, directions and cities.

    The document's directions and, marked as such, those of the region; an industry without any is a direction itself.
    """
    told: list[_Coded] = [(code, name, {}) for code, name in KINDS.items() if code not in LISTLESS]
    cities = [(each.id, each.name, {"adcode": each.adcode}) for each in catalogue.cities]
    return json_text.write(
        {
            "catalogue": catalogue.version,
            "kinds": _listed(told),
            "industries": _listed([(each.id, each.name, {}) for each in catalogue.industries]),
            "directions": _listed(
                [
                    (each.code, each.name, {"industry": each.industry, "local": each.local})
                    for each in catalogue.leaves
                ]
            ),
            "cities": _listed([*cities, (OUTSIDE, OUTSIDE_NAME, {"adcode": ""})]),
        }
    )


def _listed(found: Sequence[_Coded]) -> list[dict[str, Any]]:
    return [{"code": code, "name": {"zh": name.zh, "en": name.en}, **more} for code, name, more in found]
