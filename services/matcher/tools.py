"""Commands that run beside the service: a partner's first key, and weights learnt, listed and put back."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from services.catalogue import Catalogue
from services.chassis.configuration import ConfigurationError
from services.chassis.house import House
from services.chassis.keys import load_key, load_key_encryption_keys
from services.chassis.regional import catalogue_of
from services.chassis.sealing import KeyRing
from services.chassis.storage.migration import schema_is_current
from services.kernel.errors import BoleError
from services.matcher.encode.choice import family_named
from services.matcher.opening import Opener
from services.matcher.service.cohorts import Cohorts
from services.matcher.service.engine import Engine
from services.matcher.service.partners.partners import add_partner
from services.matcher.service.partners.revoking_again import LIST, RevokingAgain, revoked
from services.matcher.service.restoring import history, restore
from services.matcher.service.training import Signature, train
from services.matcher.store.mapping import map_aggregates

_MOST_NAME, _MOST_REASON = 128, 500


def engine_of(house: House, catalogue: Catalogue) -> Engine:
    """The engine of an installation. Raises ConfigurationError: the encoder of the settings cannot be had."""
    settings = house.settings
    family = family_named(settings.matcher_encoder)
    return Engine(catalogue, settings.data_dir / "matcher", family, house.clock)


def make_partner(house: House, arguments: Sequence[str]) -> int:
    """`add-partner NAME`: print the new partner's key, this once. Raises ConfigurationError without the schema."""
    if len(arguments) != 1 or not arguments[0].strip():
        sys.stderr.write("add-partner NAME\n")
        return 2
    _require_schema(house)
    map_aggregates()
    pepper = load_key(house.settings.keys_dir, "digest")
    try:
        with house.database.write() as session:
            key = add_partner(session, arguments[0], pepper, house.ids, house.clock)
    except BoleError as error:
        return _refused(error)
    sys.stdout.write(f"{key}\n")
    return 0


def train_weights(house: House, arguments: Sequence[str]) -> int:
    """`train KIND [--dry-run] [--signed-by ACCOUNT --reason WORDS]`: learn from feedback and print one JSON document; 1
    where nothing speaks for adoption.

    Raises ConfigurationError without the schema, SystemExit (2) for other arguments.
    """
    parser = argparse.ArgumentParser(prog="train")
    parser.add_argument("kind")
    asked, signature = _signed(parser, arguments)
    _require_schema(house)
    map_aggregates()
    catalogue = catalogue_of(house.settings)
    engine = engine_of(house, catalogue)
    opener = Opener(KeyRing(load_key_encryption_keys(house.settings.keys_dir)), catalogue)
    decades = Cohorts(house.log, house.database, opener).read

    def act() -> dict[str, Any]:
        return train(
            house, engine, asked.kind, decades, keep=not asked.dry_run, signature=signature
        ).document()

    report = _printed(act)
    return 2 if report is None else 0 if report["adopted"] else 1


def list_weights(house: House, arguments: Sequence[str]) -> int:
    """`weights KIND`: all weights that were ever learnt or put back, the newest first, as one JSON document.

    Raises ConfigurationError without the schema, SystemExit (2) for other arguments.
    """
    parser = argparse.ArgumentParser(prog="weights")
    parser.add_argument("kind")
    asked = parser.parse_args(arguments)
    _require_schema(house)
    return 2 if _printed(lambda: {"kind": asked.kind, "weights": history(house, asked.kind)}) is None else 0


def restore_weights(house: House, arguments: Sequence[str]) -> int:
    """`restore-weights KIND VERSION|by-hand --signed-by ACCOUNT --reason WORDS [--dry-run]`: put back weights that
    stood before, or those set by hand, and print one JSON document.

    Raises ConfigurationError without the schema, SystemExit (2) for other arguments.
    """
    parser = argparse.ArgumentParser(prog="restore-weights")
    parser.add_argument("kind")
    parser.add_argument("version")
    asked, signature = _signed(parser, arguments)
    if signature is None:
        parser.error("--signed-by and --reason are required: somebody answers for it")
    _require_schema(house)
    done = _printed(lambda: restore(house, asked.kind, asked.version, signature, keep=not asked.dry_run))
    return 2 if done is None else 0


def tell_revocations(house: House, arguments: Sequence[str]) -> int:
    """`revocations [FILE]`: what was taken back of partners; see `revoking_again`."""
    map_aggregates()
    return LIST.told(revoked(house.database), arguments)


def revoke_again(house: House, arguments: Sequence[str]) -> int:
    """`revoke-again FILE`: take back in a restored matcher what a file lists; see `revoking_again`."""
    map_aggregates()

    again = RevokingAgain(house.database, house.audit, house.clock)
    return LIST.applied(again.run, arguments)


def _signed(
    parser: argparse.ArgumentParser, arguments: Sequence[str]
) -> tuple[argparse.Namespace, Signature | None]:
    """What was asked, with `dry_run`, and the signature if one is given."""
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--signed-by", default="", help="account that answers for it")
    parser.add_argument("--reason", default="", help="why it does")
    asked = parser.parse_args(arguments)
    by, reason = asked.signed_by.strip(), asked.reason.strip()
    if bool(by) != bool(reason) or len(by) > _MOST_NAME or len(reason) > _MOST_REASON:
        parser.error(
            f"--signed-by (up to {_MOST_NAME} characters) and --reason ({_MOST_REASON}) belong together"
        )
    return asked, Signature(by, reason) if by else None


def _printed(act: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What came of an act, printed as a JSON document; None where it was refused, which is said."""
    try:
        document = act()
    except BoleError as error:
        _refused(error)
        return None
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return document


def _refused(error: BoleError) -> int:
    sys.stderr.write(f"{error.text.zh} / {error.text.en}\n")
    return 2


def _require_schema(house: House) -> None:
    if not schema_is_current(house.database.engine, "services.matcher:migrations", "matcher"):
        raise ConfigurationError(
            "BOLE_MATCHER_DATABASE_URL",
            "数据库尚未升级到本程序的结构，请先运行 python -m services.matcher migrate",
            "the database does not have this program's schema; run `python -m services.matcher migrate` first",
        )
