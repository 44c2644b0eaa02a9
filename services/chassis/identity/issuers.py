"""Whose tokens an installation takes: those of an identity service, or its own."""

from services.chassis.identity.signing_keys import OwnKey, PublishedKeys, fetching
from services.chassis.identity.tokens import Issuer, load_verification_key
from services.chassis.settings import Settings


def issuer_of(settings: Settings) -> Issuer:
    """Whose tokens are taken. Raises OSError without a key of one's own."""
    if settings.identity_issuer is None or settings.identity_keys is None:
        return Issuer(OwnKey(load_verification_key(settings.keys_dir)))
    keys = PublishedKeys(fetching(settings.identity_keys))
    return Issuer(keys, settings.identity_issuer, settings.identity_audience, staff_alone=True)
