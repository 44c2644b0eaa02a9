"""A part of all answers of all methods to all roles; `make promise P=P14` looks at the whole."""

from tests.promises.seeing import violations


def test_each_role_sees_what_contract_and_policy_say_and_nothing_above() -> None:
    assert violations(seed=1, share=0.05) == []
