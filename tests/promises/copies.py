"""Copies of an embedded installation that P13 looks through: backups of before and after erasures, the one of before
put back with the list of the erased, and files exported afterwards.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bole.talent.v1 import export_service_pb2, export_service_pb2_grpc
from services.chassis.keys import BACKUP_KEY, load_key
from services.chassis.settings import Settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import backup, processes
from services.cli.running.snapshots import put_back, read_manifest
from services.cli.session import Session
from tests.contract.installation import OFFICER, Installation
from tests.promises.residue import found_in
from tests.servers import nursery
from tests.storm.house import House, until

FORGOTTEN_SECONDS = 60.0
"""So soon after everything runs again no store holds anything of who was erased."""
CITIES = ("taizhou", "yancheng", "lianyungang")
"""Where the canaries are, and few others: files of more than a hundred people need a second person."""


class Copies:
    """The copies of one house, each in its own directory."""

    def __init__(self, house: House, directory: Path) -> None:
        self._house, self._directory = house, directory

    def before(self, words: Sequence[bytes]) -> Iterator[str]:
        """A backup and an export while everybody is still there: their words are in them, and in no backup in clear."""
        with self._session(self._house.settings) as session:
            backup.back_up(session, self._directory / "before")
        yield from _found("a sealed backup", self._directory / "before", words)
        inside, exported = "".join(_found("", self._opened("before"), words)), self._export()
        yield from (f"{word.decode()} is in no backup" for word in words if word.decode() not in inside)
        yield from (f"{word.decode()} is in no export" for word in words if word not in exported)

    def after(self, words: Sequence[bytes]) -> Iterator[str]:
        """Nothing of them is in a backup of now, in an export of now, or in what is restored from the one before."""
        settings, erased = self._house.settings, self._directory / "erased.txt"
        with self._session(settings) as session:
            backup.back_up(session, self._directory / "after")
            backup.write_erasures(session, erased)
        yield from _found("a backup of afterwards", self._opened("after"), words)
        exported = self._export()
        yield from (f"an export of afterwards: {word.decode()}" for word in words if word in exported)
        yield from self._restored(erased, words)

    def _restored(self, erased: Path, words: Sequence[bytes]) -> Iterator[str]:
        """The backup of before, put back elsewhere under the same keys, and started: the matcher's part goes once
        it has read that they are erased.
        """
        place = self._directory / "restored"
        place.mkdir()
        urls = {f"{name}_database_url": f"sqlite:///{place / f'{name}.db'}" for name in processes.SERVICES}
        elsewhere = processes.free_addresses(
            self._house.settings.model_copy(
                update={"data_dir": place, "log_url": f"sqlite:///{place / 'log.db'}", **urls}
            )
        )
        with self._session(elsewhere) as session:
            backup.restore(session, self._directory / "before", erased)
        again = Installation(elsewhere, nursery.spawn)
        try:
            again.start()
            again.wait_level()
            until(lambda: not any(_found("", place, words)), FORGOTTEN_SECONDS)
            yield from _found("restored", place, words)
        finally:
            again.stop()

    def _session(self, settings: Settings) -> Session:
        return Session(settings, Output(Format.TABLE, "zh"))

    def _opened(self, name: str) -> Path:
        """The files of a backup in clear, as the key opens them."""
        source, opened = self._directory / name, self._directory / f"{name}-opened"
        opened.mkdir()
        keys = self._house.settings.keys_dir
        put_back(source, read_manifest(source), opened, lambda: load_key(keys, BACKUP_KEY))
        return opened

    def _export(self) -> bytes:
        """The people of the canaries' cities, as an officer with a purpose takes them away."""
        with self._house.installation.channel("talent", OFFICER, purpose="contact") as channel:
            stub = export_service_pb2_grpc.TalentExportServiceStub(channel)
            asked = (
                export_service_pb2.ExportRecordsRequest(
                    sheet="persons",
                    format=export_service_pb2.EXPORT_FORMAT_CSV_UTF8,
                    reason="演示",
                    filter=f"city_code = {city}",
                )
                for city in CITIES
            )
            return b"".join(
                each.data for request in asked for each in stub.ExportRecords(request, timeout=300)
            )


def _found(what: str, directory: Path, words: Sequence[bytes]) -> Iterator[str]:
    yield from (f"{what}: {said}" for said in found_in(directory, words))
