import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.chassis.audit.audit import AuditHead
from services.chassis.audit.heads import (
    SignedHead,
    forged,
    load_signer,
    load_verifying_keys,
    read_line,
    write_line,
)
from services.chassis.configuration import ConfigurationError
from services.chassis.keys import AUDIT_KEY, ensure_local_keys

NOW = datetime(2026, 11, 26, 8, 0, 0, 7, tzinfo=UTC)
HEAD = AuditHead(12, bytes(range(32)))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ensure_local_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def signed(keys: Path) -> SignedHead:
    return load_signer(keys).sign("talent", HEAD, NOW)


def test_a_head_is_as_signed_and_survives_being_written_down(keys: Path, signed: SignedHead) -> None:
    assert read_line(write_line(signed)) == signed
    assert forged([signed], "talent", load_verifying_keys(keys)) is None


def test_any_other_value_is_not_what_was_signed(keys: Path, signed: SignedHead) -> None:
    known = load_verifying_keys(keys)
    for other in (
        replace(signed, head=AuditHead(13, HEAD.hash)),
        replace(signed, head=AuditHead(12, bytes(32))),
        replace(signed, signed_at=NOW + timedelta(microseconds=1)),
        replace(signed, signature=bytes(64)),
        replace(signed, key_id="0" * 16),
        replace(signed, service="funding"),
    ):
        problem = forged([signed, other], other.service, known)
        assert problem is not None
        assert str(other.head.sequence) in problem.zh


def test_a_head_of_another_service_is_none_of_this_one(keys: Path, signed: SignedHead) -> None:
    assert forged([signed], "funding", load_verifying_keys(keys)) is not None


def test_a_head_of_a_former_key_counts_as_long_as_its_public_half_is_kept(
    keys: Path, signed: SignedHead
) -> None:
    (former,) = load_verifying_keys(keys).values()
    (keys / AUDIT_KEY).unlink()
    ensure_local_keys(keys)
    assert forged([signed], "talent", load_verifying_keys(keys)) is not None
    public = former.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "audit.1.pub.pem").write_bytes(public)
    assert forged([signed], "talent", load_verifying_keys(keys)) is None


def test_a_missing_or_unreadable_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"audit\.pem"):
        load_signer(tmp_path)
    (tmp_path / "audit.pub.pem").write_text("changeme")
    with pytest.raises(ConfigurationError, match=r"audit\.pub\.pem"):
        load_verifying_keys(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": "12"},
        {"hash": "zz"},
        {"hash": 7},
        {"sign_time": "2026-11-26T08:00:00"},
        {"sign_time": "never"},
        {"signature": None},
        {"more": 1},
    ],
)
def test_a_line_that_is_no_head_is_refused(signed: SignedHead, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_line(json.dumps(json.loads(write_line(signed)) | wrong))
    with pytest.raises(ValueError, match=r".+"):
        read_line("[]")
