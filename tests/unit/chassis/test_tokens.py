from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from services.chassis.identity.identity import Grant
from services.chassis.identity.partner_keys import PartnerKey, PartnerKeys, new_partner_key
from services.chassis.identity.tokens import (
    PUBLIC_KEY_FILE,
    StaffTokens,
    claimed,
    issue_local_token,
    load_verification_key,
)
from services.chassis.keys import IDENTITY_KEY, ensure_local_keys
from services.kernel.errors import Unauthenticated

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRANTS = (
    Grant("talent_officer", "nantong", frozenset({"contact", "verification"}), NOW + HOUR),
    Grant("auditor"),
    Grant("fund_manager", fund="01k"),
    Grant("firm_representative", firm="02k"),
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_local_keys(folder)
    return folder


@pytest.fixture
def tokens(keys: Path) -> StaffTokens:
    return StaffTokens(load_verification_key(keys), remembered=2)


def claims(**changes: Any) -> dict[str, Any]:
    stated = {"iss": "bole", "aud": "bole", "sub": "li.si", "jti": "1", "kind": "staff", "grants": []}
    times = {"iat": int(NOW.timestamp()), "exp": int((NOW + HOUR).timestamp())}
    return {key: value for key, value in {**stated, **times, **changes}.items() if value is not None}


def test_a_token_carries_subject_and_grants(keys: Path, tokens: StaffTokens) -> None:
    token = issue_local_token(keys, "li.si", GRANTS, HOUR, NOW)
    for _ in range(2):
        principal = tokens.authenticate(token, NOW)
        assert (principal.subject, principal.kind, principal.grants) == ("li.si", "staff", GRANTS)


def test_a_remembered_token_expires_all_the_same(keys: Path, tokens: StaffTokens) -> None:
    token = issue_local_token(keys, "li.si", (), HOUR, NOW)
    tokens.authenticate(token, NOW + HOUR - timedelta(seconds=1))
    with pytest.raises(Unauthenticated) as caught:
        tokens.authenticate(token, NOW + HOUR)
    assert caught.value.reason == "TOKEN_EXPIRED"


def test_more_tokens_than_are_remembered_still_work(keys: Path, tokens: StaffTokens) -> None:
    issued = [issue_local_token(keys, f"user-{number}", (), HOUR, NOW) for number in range(5)]
    for _ in range(2):
        assert [tokens.authenticate(token, NOW).subject for token in issued] == [
            f"user-{n}" for n in range(5)
        ]


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("exp", "iat", "aud", "iss", "sub", "jti")),
        {"aud": "other"},
        {"iss": "other"},
        {"sub": ""},
        {"sub": 7},
        {"kind": "emperor"},
        {"iat": int((NOW + HOUR).timestamp())},
        {"nbf": int((NOW + HOUR).timestamp())},
        {"exp": "soon"},
        {"exp": 10**30},
        {"grants": [{"city": "nantong"}]},
        {"grants": [{"role": 7}]},
        {"grants": 7},
        {"grants": ["talent_officer"]},
    ],
    ids=str,
)
def test_a_token_with_wrong_claims_is_refused(
    keys: Path, tokens: StaffTokens, changes: dict[str, Any]
) -> None:
    key: Any = load_pem_private_key((keys / IDENTITY_KEY).read_bytes(), None)
    with pytest.raises(Unauthenticated) as caught:
        tokens.authenticate(jwt.encode(claims(**changes), key, algorithm="EdDSA"), NOW)
    assert caught.value.reason == "TOKEN_INVALID"


def test_other_algorithms_and_keys_are_refused(keys: Path, tokens: StaffTokens, tmp_path: Path) -> None:
    ensure_local_keys(tmp_path)
    public = load_verification_key(keys).public_bytes(Encoding.Raw, PublicFormat.Raw)
    forged = [
        issue_local_token(tmp_path, "li.si", (), HOUR, NOW),
        jwt.encode(claims(), public, algorithm="HS256"),
        jwt.encode(claims(), None, algorithm="none"),  # type: ignore[arg-type]
        "",
        "a.b.c",
        "\udcff",
        "x" * 100_000,
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            tokens.authenticate(token, NOW)


def test_the_public_half_is_enough_to_verify(keys: Path, tmp_path: Path) -> None:
    pem = load_verification_key(keys).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / PUBLIC_KEY_FILE).write_bytes(pem)
    verifier = StaffTokens(load_verification_key(tmp_path))
    assert verifier.authenticate(issue_local_token(keys, "li.si", (), HOUR, NOW), NOW).subject == "li.si"


def test_partner_keys() -> None:
    text, kept = new_partner_key(b"pepper", "key1", "partner-a")
    ended = PartnerKey("key2", "partner-a", kept.digest, NOW)
    known = {"key1": kept, "key2": ended}
    verifier = PartnerKeys(b"pepper", known.get)
    principal = verifier.authenticate(text, NOW)
    assert (principal.subject, principal.kind, principal.has_role("partner", NOW)) == (
        "partner-a",
        "partner",
        True,
    )
    assert text.split("_", 2)[2].encode() not in kept.digest  # the secret itself may have the mark in it
    wrong = [
        text[:-1] + ("a" if text[-1] != "a" else "b"),
        text.replace("key1", "key2"),
        "blk_key1_",
        "",
        "乱",
    ]
    for credential in wrong:
        with pytest.raises(Unauthenticated) as caught:
            verifier.authenticate(credential, NOW)
        assert caught.value.reason == "KEY_INVALID"
    with pytest.raises(Unauthenticated):
        PartnerKeys(b"other pepper", known.get).authenticate(text, NOW)


def test_a_holder_reads_its_own_token_and_nothing_that_is_none(keys: Path) -> None:
    token = issue_local_token(keys, "li", GRANTS, HOUR, NOW)
    found = claimed(token)
    assert found is not None
    assert (found.subject, found.kind, len(found.grants)) == ("li", "staff", len(GRANTS))
    assert [claimed(odd) for odd in ("", "a.b.c", token[:40])] == [None, None, None]
