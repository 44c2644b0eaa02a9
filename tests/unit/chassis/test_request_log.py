"""A request id is answered once: in whatever order it is sent again, the effect happens once and the answer stays."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from google.protobuf.wrappers_pb2 import StringValue
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, create_engine
from sqlalchemy.orm import Session

from services.chassis.request_log import RequestLog, define_request_log
from services.kernel.clock import ManualClock
from services.kernel.errors import AlreadyExists

METADATA = MetaData()
LOG = RequestLog(define_request_log(METADATA), ManualClock(datetime(2026, 7, 1, tzinfo=UTC)))
CALLERS = (("li", "Create"), ("li", "Update"), ("wang", "Create"))
IDS = ("2f1e0000-0000-4000-8000-00000000000a", "2F1E0000-0000-4000-8000-00000000000A", "", "b" * 36)


class _Failed(Exception):
    """What an act ends with that does not come to its end."""


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(CALLERS), st.sampled_from(IDS), st.sampled_from("xyz"), st.booleans()),
        max_size=12,
    )
)
def test_the_first_answer_stays_and_other_content_is_refused(
    attempts: list[tuple[tuple[str, str], str, str, bool]],
) -> None:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    first: dict[tuple[tuple[str, str], str], tuple[str, str]] = {}
    done = Counter[str]()
    for number, (caller, id_, content, fails) in enumerate(attempts):
        key, answer = (caller, id_.lower()), f"answer {number}"

        def act(answer: str = answer, fails: bool = fails) -> StringValue:
            if fails:
                raise _Failed
            done[answer] += 1
            return StringValue(value=answer)

        def send(
            caller: tuple[str, str] = caller, id_: str = id_, content: str = content, act: object = act
        ) -> str:
            with Session(engine) as session, session.begin():
                request = StringValue(value=content)
                return LOG.once(session, caller, id_, request, StringValue, act).value  # type: ignore[arg-type]

        known = first.get(key) if id_ else None
        if known is None and fails:
            with pytest.raises(_Failed):
                send()
        elif known is None:
            assert send() == answer
            first[key] = content, answer
        elif known[0] == content:
            assert send() == known[1]
        else:
            with pytest.raises(AlreadyExists) as caught:
                send()
            assert caught.value.reason == "REQUEST_ID_REUSED"
    assert all(count == 1 for count in done.values())
    engine.dispose()
