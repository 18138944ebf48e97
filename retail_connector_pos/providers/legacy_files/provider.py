"""The adapter of a folder that a foreign system drops files into."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.providers import (
    Answer,
    Capability,
    ConfigurationError,
    ConnectionReport,
    Direction,
    FeedItem,
    FlowSpec,
    Page,
    SettingSpec,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    FOLDER_CREDENTIALS,
    FOLDER_SETTINGS,
    FileSet,
    Store,
    address_of,
    opened,
    token,
)
from odoo.addons.retail_connector_base.providers.file_drop.lines import (
    Bad,
    WholeFileError,
    rows_of,
)

from ...decisions.legacy_layout import HEADER, Layout
from ..legacy_common import LayoutProvider, Sample, sample_of
from .delivery import Delivery, Found
from .feed import FORMATS, MODES, Feed
from .poll import Poll
from .sets import patterns_of, sets_of

MOST_READ_FOR_SAMPLE = 20 * 2**20


class FileDropProvider(LayoutProvider):
    """A folder of CSV or JSON lines, on this machine, by SFTP or in an object store."""

    code = "file_drop"
    label = "File Drop"
    medium = "files"
    capabilities = LayoutProvider.capabilities | {Capability.FEED_OUT}
    flows = (
        *LayoutProvider.poll_flows,
        FlowSpec("pos_item", Direction.OUT, tier=2, interval=1440, starts_paused=True),
    )
    settings = (
        *FOLDER_SETTINGS,
        SettingSpec("feed_format", "Feed's format", "csv or jsonl.", default=FORMATS[0]),
        SettingSpec(
            "feed_mode",
            "Feed",
            "changes: a file of each batch; full: one file a store with all its items; both.",
            default=MODES[0],
        ),
        *LayoutProvider.layout_specs,
    )
    credentials = FOLDER_CREDENTIALS

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield the records of the files that were dropped. Moments play no part in it."""
        if kind not in self.layout_settings:
            yield from super().fetch(kind, cursor, since)
        elif self.has_layout(kind):
            layout = self.layout(kind)
            with self._opened() as store:
                yield from Poll(store, layout, self.context.now).pages(cursor)

    def change_feed(self, items: Sequence[FeedItem], key: str) -> list[Answer]:
        """Write files that the registers pick up."""
        settings = self.context.settings
        with self._opened() as store:
            feed = Feed(
                store,
                settings.get("feed_format") or FORMATS[0],
                settings.get("feed_mode") or MODES[0],
            )
            return feed.send(items, key)

    def test_connection(self) -> ConnectionReport:
        """Look into the folder, and try to write, rename and remove a file there."""
        address = address_of(self.context)
        with self._opened() as store:
            entries = store.files()
            self._try_changes(store)
            details = [("Files", str(len(entries)))]
            for kind in self.layout_settings:
                if self.has_layout(kind):
                    found = sets_of(self.layout(kind), entries, self.context.now())
                    details.append((kind, f"{len(found)} deliveries are ready"))
        warnings = () if len(details) > 1 else ("No layout is in use yet.",)
        return ConnectionReport(address.shown(), tuple(details), warnings)

    def _try_changes(self, store: Store) -> None:
        name = f".retail-{token(self.context.now())}.tmp"
        store.put(b"retail connector\n", name)
        store.move((name,), ("claimed", name))
        store.remove("claimed", name)

    # Preview

    def sample(self, layout: Layout, limit: int) -> list[Sample]:
        """Return the first records of the newest file, which stays where it is."""
        layout = self.checked(layout, layout.kind)
        with self._opened() as store:
            files = self._example(store, layout)
            opener = {
                part: (entry.name, lambda n=entry.name: store.open(n))
                for part, entry in files.files.items()
            }
            try:
                return self._samples(layout, Delivery(layout, opener), limit)
            except WholeFileError as error:
                raise ConfigurationError(str(error)) from None

    def _samples(self, layout: Layout, delivery: Delivery, limit: int) -> list[Sample]:
        samples = []
        for found in delivery.found():
            samples.append(_sample(layout, found))
            if len(samples) >= limit:
                break
        return samples

    def _example(self, store: Store, layout: Layout) -> FileSet:
        """Return the newest delivery that is complete and not too large to look at."""
        found = [
            each
            for each in sets_of(layout, store.files(), self.context.now())
            if not each.missing and _size(each) <= MOST_READ_FOR_SAMPLE
        ]
        if not found:
            names = ", ".join(patterns_of(layout).values())
            raise ConfigurationError(f"The folder holds no finished file like {names}.")
        return found[-1]

    def columns(self, layout: Layout, part: str) -> list[str]:
        """Return the names of the columns of the newest file of a part."""
        with self._opened() as store:
            files = self._example(store, layout)
            entry = files.files.get(part, files.files[HEADER])
            stream = store.open(entry.name)
            try:
                rows = rows_of(stream, layout.files)
                first = next((row for row in rows if not isinstance(row, Bad)), None)
            except WholeFileError as error:
                raise ConfigurationError(str(error)) from None
            finally:
                stream.close()
        return list(first.cells) if first else []

    def _opened(self) -> Store:
        return opened(address_of(self.context))


def _sample(layout: Layout, found: Found) -> Sample:
    if found.record is None:
        return Sample(found.text, errors=(found.problem,), where=found.where)
    return sample_of(layout, found.record, found.where)


def _size(files: FileSet) -> int:
    return sum(entry.size for entry in files.files.values())
