"""What every log refuses, in the same words: bad names and records, positions it does not hold."""

import re
from collections.abc import Sequence

from services.chassis.log.log import MAX_RECORD_BYTES, Record
from services.kernel.errors import InvalidArgument, NotFound, OutOfRange
from services.kernel.text import Text

_TOPIC_NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")


def check_topics(names: Sequence[str]) -> None:
    """Raise InvalidArgument when a name is not a topic name."""
    for name in names:
        if not _TOPIC_NAME.fullmatch(name) or name in {".", ".."}:
            raise InvalidArgument.field(
                "topic",
                "INVALID_TOPIC",
                f"主题名 {name!r} 不合规：只能用字母、数字、点、横线和下划线，最长 249 个字符",
                f"{name!r} is not a topic name: letters, digits, dots, hyphens and underscores, 249 at most",
            )


def check_records(records: Sequence[Record]) -> None:
    """Raise InvalidArgument when a record has no key or is too large."""
    for record in records:
        if not record.key:
            raise InvalidArgument.field(
                "key",
                "RECORD_WITHOUT_KEY",
                f"写入主题 {record.topic} 的记录缺少键",
                f"a record for topic {record.topic} has no key",
            )
        if (size := size_of(record)) > MAX_RECORD_BYTES:
            raise InvalidArgument.field(
                "value",
                "RECORD_TOO_LARGE",
                f"主题 {record.topic} 键 {record.key} 的记录有 {size} 字节，上限为 {MAX_RECORD_BYTES} 字节",
                f"record {record.key} of topic {record.topic} has {size} bytes, more than {MAX_RECORD_BYTES}",
            )


def size_of(record: Record) -> int:
    """Bytes of key, value and headers."""
    headers = sum(len(name.encode()) + len(value.encode()) for name, value in record.headers.items())
    return len(record.key.encode()) + len(record.value or b"") + headers


def check_position(offset: int, limit: int) -> None:
    """Raise InvalidArgument for a negative offset or a limit below one."""
    if offset < 0 or limit < 1:
        raise InvalidArgument.field(
            "offset" if offset < 0 else "limit",
            "INVALID_POSITION",
            f"读取位置无效：offset={offset}（不小于 0），limit={limit}（不小于 1）",
            f"cannot read from here: offset={offset} (0 or more), limit={limit} (1 or more)",
        )


def unknown_topic(topic: str) -> NotFound:
    """The topic was never created, or is no more: a service makes all of them when it starts."""
    return NotFound(
        Text(
            f"日志中没有主题 {topic}：它被删除，或事件日志已更换。请放回原日志；"
            "确认改用新的时，停止该服务后运行 python -m services.<服务名> accept-log",
            f"the log has no topic {topic}: it was deleted, or the log is another one; put the former one back or, to "
            "go on with a new one, stop the service and run `python -m services.<service> accept-log`",
        ),
        reason="UNKNOWN_TOPIC",
        metadata={"topic": topic},
    )


def beyond_end(topic: str, offset: int, end: int) -> OutOfRange:
    """The reader is ahead of the log: it was replaced or lost its tail."""
    return OutOfRange(
        Text(
            f"主题 {topic} 的读取位置 {offset} 超出末尾 {end}：日志被替换或截断。请放回原日志；"
            "确认改用这一份时，停止该服务后运行 python -m services.<服务名> accept-log",
            f"offset {offset} of topic {topic} is beyond its end {end}: the log was replaced or cut; put the former "
            "one back or, to go on with this one, stop the service and run `python -m services.<service> accept-log`",
        ),
        reason="OFFSET_BEYOND_END",
        metadata={"topic": topic, "offset": str(offset), "end": str(end)},
    )


def other_log(topic: str) -> OutOfRange:
    """The log of the topic was begun anew, or is another one: its numbers mean nothing here."""
    return OutOfRange(
        Text(
            f"主题 {topic} 的日志不是本库此前所用的那一份（被重建或替换）。请放回原日志；"
            "确认改用这一份时，停止该服务后运行 python -m services.<服务名> accept-log",
            f"the log of topic {topic} is not the one that this database knows: it was begun anew or replaced; put the "
            "former one back or, to go on with this one, stop the service and run "
            "`python -m services.<service> accept-log`",
        ),
        reason="OTHER_LOG",
        metadata={"topic": topic},
    )


def cut(topic: str, written: int, end: int) -> OutOfRange:
    """The log has lost what this database had written to it."""
    return OutOfRange(
        Text(
            f"主题 {topic} 末尾为 {end}，而本库已写到 {written}：日志丢失了末尾。请把日志恢复到同一时刻；"
            "确认丢失时，停止该服务后运行 python -m services.<服务名> accept-log",
            f"topic {topic} ends at {end}, and this database had written up to {written}: the log lost its end; put it "
            "back to the same moment or, to go on without, stop the service and run "
            "`python -m services.<service> accept-log`",
        ),
        reason="LOG_CUT",
        metadata={"topic": topic, "written": str(written), "end": str(end)},
    )


def ahead(topic: str, offset: int) -> OutOfRange:
    """The log holds what this service told and its database does not know: the database is of an earlier moment."""
    return OutOfRange(
        Text(
            f"主题 {topic} 位置 {offset} 的事件由本服务发出，而数据库中没有：数据库被恢复到了更早的时刻。"
            "请把数据库恢复到最新，或把各数据库与日志恢复到同一时刻（docs/reliability.md）",
            f"the event at {offset} of topic {topic} was told by this service and is unknown to its database, which "
            "was put back to an earlier moment: restore it to its latest state, or all databases and the log to one "
            "moment (docs/reliability.md)",
        ),
        reason="LOG_AHEAD",
        metadata={"topic": topic, "offset": str(offset)},
    )


def nothing_known(topic: str, *, from_log: bool) -> OutOfRange:
    """The log holds what this service told, its database nothing of it. `from_log`: it can be made from the log."""
    text = Text(
        f"主题 {topic} 中有本服务发出的事件，而数据库中没有它们的任何记录，并非写出这些事件的数据库。"
        "请恢复原数据库（bole restore 或运维备份）",
        f"topic {topic} holds events that this service told, and its database remembers nothing of them: it is not the "
        "one that told them. Restore that database (`bole restore`, or the operator's backup)",
    )
    other = (
        Text(
            "；或停止该服务后运行 python -m services.<服务名> accept-log，从日志重建。重建后不再有："
            "合作方及其密钥、证书和推送地址，反馈，推荐，批量匹配，所采用的权重，匹配事件，审计记录，当日已查看人数；"
            "合作方的事件流从 1 重新编号；已报送季度的统计保持不变，此后只统计重建以来的推荐",
            ", or stop the service and run `python -m services.<service> accept-log`: it is made again from the log, "
            "without partners, their keys, certificates and webhooks, feedback, proposals, runs, adopted weights, "
            "events of matches, audit entries and the count of people shown today; streams count from 1 again; "
            "returns that were told stand, and later ones count only proposals made since",
        )
        if from_log
        else Text(
            "；如要整套重新开始，请同时换用空日志，并对其他服务运行 accept-log",
            ", or begin the whole house anew: with an empty log, and `accept-log` for the other services",
        )
    )
    return OutOfRange(
        Text(text.zh + other.zh, text.en + other.en), reason="DATABASE_EMPTY", metadata={"topic": topic}
    )


def expired(topic: str, offset: int, first: int) -> OutOfRange:
    """The reader was away for longer than the topic retains."""
    return OutOfRange(
        Text(
            f"主题 {topic} 的读取位置 {offset} 已过保留期，最早可读位置为 {first}，请从快照重建",
            f"offset {offset} of topic {topic} has expired; the earliest is {first}; start from a snapshot",
        ),
        reason="OFFSET_EXPIRED",
        metadata={"topic": topic, "offset": str(offset), "first": str(first)},
    )
