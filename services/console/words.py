"""The words of the pages: what console and command line share, what the console holds, and sums of money."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from markupsafe import Markup

from services.chassis.rpc.wire import date_from_wire, instant_from_wire
from services.console.deal_words import DealWords
from services.kernel.clock import CIVIL_ZONE
from services.kernel.money import Money
from services.kernel.text import Text, counted, in_per_cent
from services.wording import acts, codes, library, persons
from services.wording.chances import chance, in_hundredths
from services.workbook.choices import AVAILABILITY, RULESET

_SERVICES = {
    "talent": Text("人才服务", "talent service"),
    "funding": Text("投资服务", "funding service"),
    "matcher": Text("匹配服务", "matching service"),
}
_CALIBRATED = {
    False: Text(
        "* 接受的概率，未经真实结果校准。",
        "* Probability of acceptance, not yet calibrated on real outcomes.",
    ),
    True: Text("接受的概率，已按真实结果校准。", "Probability of acceptance, calibrated on real outcomes."),
}
_LIKELY = {
    False: Text(
        "* 属于或相似的可能，未经真实结果校准。", "* How likely the two go together, not calibrated."
    ),
    True: Text(
        "属于或相似的可能，已按真实结果校准。", "How likely the two go together, calibrated on real outcomes."
    ),
}
"""Of what belongs together or is alike, which nobody accepts."""
_TITLED = Markup('<span title="{}">{}</span>')


class Words(DealWords):
    """The shared words, and those of the console alone."""

    def counted(self, number: int, zh: str, one: str, many: str = "") -> str:
        """A count with what is counted; `many` where the English plural is more than an s at the end."""
        return f"{number:,} {zh}" if self.language == "zh" else counted(number, one, many)

    def service(self, name: str) -> str:
        """A service by the name of its process."""
        return self.code(_SERVICES, name)

    def cell_state(self, name: str) -> str:
        """Why a cell has no index; empty where it has one."""
        return codes.SHORTAGE_STATES[name].to(self.language) if name in codes.SHORTAGE_STATES else ""

    def purpose(self, code: str) -> str:
        """Why somebody looks at people."""
        return self.code(codes.PURPOSES, code)

    def availability(self, code: str) -> str:
        """When somebody would come, with or without `AVAILABILITY_`."""
        return self.choice(AVAILABILITY, code.removeprefix("AVAILABILITY_"))

    def chance(self, probability: float, calibrated: bool = True) -> str:
        """A probability, with an asterisk while it is not calibrated."""
        return chance(probability, calibrated=calibrated)

    def per_cent_chance(self, probability: float) -> str:
        """A probability in per cent."""
        return in_hundredths(probability)

    def chance_note(self, calibrated: bool, *, accepted: bool = True) -> str:
        """What stands under probabilities. `accepted`: of pairs that somebody may accept."""
        return (_CALIBRATED if accepted else _LIKELY)[calibrated].to(self.language)

    def ruleset(self, code: str) -> str:
        """The rules that a fund's mandate takes after."""
        return self.choice(RULESET, code)

    def enum(self, table: str, kind: Any, number: int) -> str:
        """A number of an enum of the contract by a table of `codes` or `library`, with or without its prefix."""
        found: Mapping[str, Text] = getattr(library, table, None) or getattr(codes, table)
        name = str(kind.Name(number))
        return self.code(found, name) if name in found else self.code(found, _without_prefix(name, found))

    def position_state(self, code: str) -> str:
        """A position's state, with or without `STATE_`."""
        return self.code(codes.POSITION_STATES, f"STATE_{code.removeprefix('STATE_')}")

    def sheet(self, key: str) -> str:
        """A sheet of the exchange workbook."""
        return self.code(codes.SHEETS, key)

    def code_of(self, table: str, code: str) -> str:
        """A code by a table of `library`."""
        return self.code(getattr(library, table), code)

    def actor(self, subject: str) -> str:
        """Who did something: an account, or the house itself."""
        return self.code(library.ACTORS, subject)

    def act(self, given: Any) -> Text:
        """What an application or an approval is for."""
        return acts.said(given)

    def look(self, action: str) -> str:
        """What somebody did with a record."""
        return self.code(library.ACTIONS, action)

    def fields(self, names: Iterable[str]) -> str:
        """Fields of a person in one line."""
        return persons.listed(list(names), self.language)

    def field(self, name: str) -> str:
        """What a field of a person is called."""
        return persons.field(name, self.language)

    def source(self, code: str) -> str:
        """Who says so."""
        return persons.source(code, self.language)

    def value(self, name: str, given: Any) -> str:
        """A field's value, as the contract's JSON has it."""
        return persons.value(name, given, self)

    def day(self, given: Date) -> str:
        """A civil date; a dash without one."""
        return date_from_wire(given).isoformat() if given.year else "—"

    def per_cent(self, thousandths: int) -> str:
        """A share that the contract has in thousandths."""
        return in_per_cent(thousandths)

    def moment(self, given: Timestamp) -> str:
        """A civil date and time of day; a dash without one."""
        return (
            f"{instant_from_wire(given).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}" if given.ByteSize() else "—"
        )

    def second(self, given: Timestamp) -> str:
        """A moment to the second, for lists of what follows fast."""
        return f"{instant_from_wire(given).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M:%S}"

    def money(self, fen: int) -> str:
        """万元 and 亿元 in Chinese, millions of yuan in English; what is left out by rounding shows as a title."""
        given = Money(fen)
        said = given.rounded(self.language).replace(" ", "\u00a0")
        exact = given.display_zh() if self.language == "zh" else given.display_en()
        return said if exact.replace(" ", "\u00a0") == said else _TITLED.format(exact, said)


def _without_prefix(name: str, known: Iterable[str]) -> str:
    """The longest known ending of an enum's name; the name itself without one."""
    return max((each for each in known if name.endswith("_" + each)), key=len, default=name)
