"""How well repeated people are found, on labelled synthetic records, beside the rule that offices use by hand.

The weights of the method are stated, not fitted to these records. Precision is that of the pairs linked without
a person, recall that of all pairs found, linked or put up for review. Peer: same name and same employer,
character by character.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from bench.harness import Row, Run
from services.sample.doubles import LabelledRecord, labelled_records
from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Band, compare
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, mailbox, organisations, telephone

NAMES = ("quality.duplicates.",)
PEOPLE = 20_000
_SECRET = b"a secret for measurements only.."
Pair = tuple[str, str]


def measure(run: Run) -> Iterator[Row]:
    """Precision and recall of what is linked or reviewed, and of what is linked without review."""
    records = labelled_records(run.size(PEOPLE), run.seed)
    truth = pairs_by(records, lambda record: [str(record.person)])
    by_hand = pairs_by(records, lambda record: [f"{record.name}/{each}" for each in record.employers])
    bands = found_pairs(records)
    found = set(bands)
    linked = {pair for pair, band in bands.items() if band is Band.LINK}
    sys.stdout.write(_described(records, truth, found))
    for name, quality, pairs, bar in (
        ("precision", precision, linked, 1.0),
        ("recall", recall, found, 1.0),
        ("linked_recall", recall, linked, None),
        ("review_precision", precision, found, None),
    ):
        yield run.row(
            f"quality.duplicates.{name}",
            quality(pairs, truth),
            "share",
            n=len(records),
            peer="same name and employer",
            peer_value=quality(by_hand, truth),
            bar=bar,
            lower_is_better=False,
            note=f"{len(pairs):,} pairs; {len(truth):,} are of one person",
        )


def found_pairs(records: list[LabelledRecord]) -> dict[Pair, Band]:
    """Every pair that shares a block and is linked or put up for review."""
    method = Method()
    traits = {record.id: traits_of(record) for record in records}
    candidates = pairs_by(records, lambda record: block_keys(traits[record.id], method, _SECRET))
    bands = {pair: compare(traits[pair[0]], traits[pair[1]], method).band for pair in candidates}
    return {pair: band for pair, band in bands.items() if band is not Band.APART}


def traits_of(record: LabelledRecord) -> Traits:
    """The record as it is compared."""
    return Traits(
        id=record.id,
        names=(read_name(record.name),),
        city=record.city,
        id_digest=record.id_number,
        orcid=record.orcid,
        phone=telephone(record.phone),
        email=mailbox(record.email),
        birth_year=record.birth_year,
        employers=organisations(record.employers),
        schools=frozenset(record.schools),
        directions=record.directions,
    )


def pairs_by(records: list[LabelledRecord], keys: Callable[[LabelledRecord], Iterable[str]]) -> set[Pair]:
    """All pairs of records that share a key."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            blocks[key].append(record.id)
    return {pair for members in blocks.values() for pair in combinations(sorted(members), 2)}


def precision(pairs: set[Pair], truth: set[Pair]) -> float:
    """Share of the pairs found that are of one person."""
    return len(pairs & truth) / len(pairs) if pairs else 1.0


def recall(pairs: set[Pair], truth: set[Pair]) -> float:
    """Share of the pairs of one person that are found."""
    return len(pairs & truth) / len(truth) if truth else 1.0


def _described(records: list[LabelledRecord], truth: set[Pair], found: set[Pair]) -> str:
    """Cluster sizes, and the recall for each way of writing the name."""
    sizes = Counter(Counter(record.person for record in records).values())
    variant = {record.id: record.variant for record in records}
    ways: dict[str, list[bool]] = defaultdict(list)
    for pair in truth:
        ways["+".join(sorted({variant[pair[0]], variant[pair[1]]}))].append(pair in found)
    histogram = ", ".join(f"{size}: {count:,}" for size, count in sorted(sizes.items()))
    lines = [f"  {way:32} {sum(hits) / len(hits):.3f} of {len(hits):,}" for way, hits in sorted(ways.items())]
    return "\n".join([f"records per person {histogram}; recall by way of writing:", *lines, ""])
