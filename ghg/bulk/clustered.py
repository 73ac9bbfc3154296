"""Relations scanned on a cluster: words, ids and sums come from there; what is decided and said is decided here.

The cluster is asked for the distinct words of each group, for ids that stand more than once, and for the kernel's
sums. Tables of files are read by both engines, so whatever else is asked of them, the embedded one answers. The rows
of a frame are on the cluster alone: those in doubt are fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ghg.bulk import posting, scanning, words
from ghg.bulk.amounts import WHOLE, Amounts, counted
from ghg.bulk.cells import make_cells
from ghg.bulk.posting import NONE_DOUBTED, Doubted, Part, Sums, excluded
from ghg.bulk.scanning import Scanner
from ghg.bulk.scans import Scan
from ghg.bulk.words import Words
from ghg.engines import Engine, quoted
from ghg.engines.cluster import Cluster, literal, place
from ghg.engines.relations import FILE_BITS, Relation
from ghg.inventory import Inventory
from ghg.issues import GhgError
from ghg.plan import ALL_OF_IT, Rules
from ghg.progress import steps
from ghg.resolve import Chooser
from ghg.schema import TOTAL
from ghg.standing import Standing

if TYPE_CHECKING:
    import numpy as np

JOBS = 4
"""Statements the cluster is given at a time."""
TICKED = 64
"""Whole numbers are ticked off where they span at most so many times their count."""
LONGEST = 300
"""Most characters of what Spark says."""
ONLY_FILES = "name the table in the inventory, or run without Spark"


@dataclass(frozen=True, slots=True)
class Question:
    """How the kernel asks a cluster about a relation: its words and amounts, the parts of a key, and whom to doubt.

    ``entities`` is how many of them cells tell apart.
    """

    relation: Relation
    words: Mapping[str, Words]
    amounts: Amounts
    parts: Sequence[Part]
    entities: int
    doubted: Doubted

    def view(self, carried: Sequence[str] = ()) -> str:
        """The posted rows as the cluster sees them."""
        at = place(self.relation.uris, FILE_BITS)
        return posting.posted(
            self.relation, self.words, self.amounts, self.parts, self.entities, self.doubted, at, carried
        )


@contextmanager
def looked_through(engine: Engine, inventory: Inventory, rules: Rules, *, as_text: bool) -> Iterator[Scanner]:
    """What scans every relation of an engine on its cluster; or appends all their rows to ``loaded`` instead.

    Raises:
        GhgError: a table is one that Spark does not read, or all rows of a frame are needed one by one.
    """
    if (as_text or rules != ALL_OF_IT) and any(relation.is_remote for relation in engine.relations):
        message = "instruments, entities and days cut off need every row of a frame one by one"
        raise GhgError(f"{message}: {ONLY_FILES}.")
    if as_text or not engine.relations:
        with scanning.looked_through(engine, inventory, rules, as_text=as_text) as scan_as_text:
            yield scan_as_text
        return
    yield lambda table: _scan_all(engine, Standing(Chooser(table, inventory), rules))


def _scan_all(engine: Engine, standing: Standing) -> tuple[Scan, ...]:
    """Every relation of an engine, scanned on its cluster."""
    cluster = engine.cluster
    cluster.statements = engine.statements
    relations = [
        replace(_on_cluster(cluster, number, relation), schema=engine.schema(f"scan_{number}"))
        for number, relation in enumerate(engine.relations)
    ]
    rows = sum(relation.rows for relation in relations)
    with steps("scanning on Spark", rows, "rows") as work, _pool(cluster) as pool:
        doubted = pool.submit(_suspects, engine, cluster, relations)
        scans = []
        for relation in relations:
            scans.append(_scan(engine, cluster, pool, relation, standing, doubted))
            work.advance(relation.rows)
    return tuple(scans)


@contextmanager
def _pool(cluster: Cluster) -> Iterator[ThreadPoolExecutor]:
    """Threads that wait for the cluster; left by an error, what it works on is stopped."""
    pool = ThreadPoolExecutor(JOBS)
    try:
        yield pool
    except cluster.error as error:
        raise GhgError(f"Spark cannot read the rows: {' '.join(str(error).split())[:LONGEST]}") from error
    except BaseException:
        cluster.interrupt()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(cluster: Cluster, number: int, relation: Relation) -> Relation:
    """A relation with its source on the cluster.

    Raises:
        GhgError: the cluster cannot read it, or reads other columns.
    """
    if relation.is_remote:
        return relation
    if not relation.stored:
        raise GhgError(f"{relation.files[0]} is no table that Spark reads: {ONLY_FILES}.")
    name = f"source_{number}"
    uris = cluster.source_of_files(name, relation.stored, has_partitions=relation.has_partitions)
    missing = set(relation.types) - set(cluster.columns(name))
    if missing:
        raise GhgError(f"Spark does not find the columns {', '.join(sorted(missing))} of {relation.files[0]}.")
    return replace(relation, source=name, uris=uris)


def _scan(
    engine: Engine, cluster: Cluster, pool: ThreadPoolExecutor, relation: Relation, standing: Standing,
    suspects: Future[bool],
) -> Scan:  # fmt: skip
    """One relation: its words judged, its plan made, its plain rows summed, the others handed to the strict path."""
    inventory = standing.chooser.inventory
    counted_later = {
        group: pool.submit(_distinct, cluster, relation, group)
        for group in words.GROUPS
        if words.present(relation, group)
    }
    for group, found_in in counted_later.items():
        engine.adopt(f"distinct_{group}", found_in.result())
    found = words.count_words(engine, relation, inventory, standing.rules, "distinct_{}".format)
    cells = make_cells(standing, found)
    for table_of_words in (name for known in found.values() for name in known.tables):
        cluster.hand_over(table_of_words, engine.arrow(f"SELECT * FROM {relation.schema}{table_of_words}"))
    there = {group: replace(known, schema="") for group, known in found.items()}
    posting.hand_over(cluster, there, cells)
    parts = posting.parts_of(found, cells, inventory.dimensions)
    form = ("amount", relation.types["amount"], inventory.decimals)
    amounts, here = counted(*form, is_portable=True), counted(*form)
    doubted = _doubted(relation, has_suspects=suspects.result())
    asked = Question(replace(relation, sql=relation.source, schema=""), there, amounts, parts, cells.entities, doubted)
    view = asked.view()
    sums_later = pool.submit(posting.total, cluster, asked.relation, amounts, parts, view)
    # Rows that a cluster alone has are fetched once, so it has to be known then which of them post.
    plan = scanning.planned(standing, cells, len(cells.keys) if relation.is_remote else None)
    sums, failing = sums_later.result(), scanning.failing(plan, cells)
    if relation.is_remote:
        sums, local = _fetched(engine, cluster, asked, sums, failing), ""
    else:
        sums = posting.without(cluster, sums, view, failing)
        posting.hand_over(engine, found, cells)
        scanning.exclude(engine, relation, sums.left)
        without = excluded(relation) if len(sums.left) else NONE_DOUBTED
        local = posting.posted(relation, found, here, parts, cells.entities, without)
    remote = Remote(cluster, asked) if relation.is_remote else None
    quanta, keys = here.whole("low", of_sum=False), scanning.used(cells, sums)
    made = Scan(relation, local, quanta, sums, keys, plan, (), (), (), scanning.entities_of(found), remote)
    return scanning.finished(engine, relation, inventory, made)


@dataclass(frozen=True, slots=True)
class Remote:
    """Rows that a cluster alone has, asked for by their keys."""

    cluster: Cluster
    asked: Question

    def behind(self, engine: Engine, keys: np.ndarray[Any, Any], limit: int) -> list[tuple[Any, ...]]:
        """The first rows of some keys: file, line, id, region, start, end, amount."""
        relation, names = self.asked.relation, ("id", "region", "start", "end", "amount")
        self.cluster.tabulate("sought", {"key": keys})
        listed = ", ".join(map(quoted, names))
        engine.adopt("behind", self.cluster.arrow(
            f"SELECT place, {listed} FROM ({self.asked.view(names)}) WHERE key IN (SELECT key FROM sought) "
            f"ORDER BY place, id LIMIT {limit}"
        ))  # fmt: skip
        cells = ", ".join(relation.cell(name) for name in names)
        rows = engine.rows(f"SELECT place, {cells} FROM behind ORDER BY place, id")
        return [(*(relation.at(found) if relation.uris else ("", 0)), *texts) for found, *texts in rows]


def _distinct(cluster: Cluster, relation: Relation, group: str) -> object:
    """The distinct words of a group."""
    listed = ", ".join(map(quoted, words.present(relation, group)))
    return cluster.arrow(f"SELECT DISTINCT {listed} FROM {relation.source}")


def _cell(relation: Relation) -> str:
    """The id of a row, without the spaces around it."""
    return "trim(source.id)" if relation.types["id"] == "VARCHAR" else "source.id"


def _doubted(relation: Relation, *, has_suspects: bool) -> Doubted:
    """Rows without an id, with one that may stand twice, or with one that may name a total."""
    cell = _cell(relation)
    is_text = relation.types["id"] == "VARCHAR"
    flags = [f"({cell} IS NOT NULL AND CAST({cell} AS STRING) <> '') AS is_named"]
    joins = []
    if has_suspects:
        joins.append(f"LEFT JOIN suspects ON suspects.id = CAST({cell} AS STRING)")
        flags.append("suspects.id IS NULL AS is_single")
    if is_text:
        total = literal(f"(?ius)^({TOTAL})$")
        flags.append(f"NOT coalesce({cell} RLIKE {total}, false) AS is_no_total")
    return Doubted(tuple(joins), tuple(flags), tuple(flag.rpartition(" ")[2] for flag in flags))


def _suspects(engine: Engine, cluster: Cluster, relations: Sequence[Relation]) -> bool:
    """Whether any id stands twice, in one relation or several or the rows read as text; which, as ``suspects``."""
    others = engine.rows("SELECT count(*) FROM loaded")[0][0]
    if len(relations) == 1 and not others and _is_ticked_off(cluster, relations[0]):
        return False
    sources = [f"SELECT CAST({_cell(one)} AS STRING) AS id FROM {one.source} AS source" for one in relations]
    if others:
        cluster.hand_over("loaded_ids", engine.arrow("SELECT id FROM loaded"))
        sources.append("SELECT trim(id) AS id FROM loaded_ids")
    every = " UNION ALL ".join(sources)
    hashes = cluster.arrow(
        f"SELECT h FROM (SELECT xxhash64(id) AS h FROM ({every}) WHERE id <> '') GROUP BY h HAVING count(*) > 1"
    )
    if not len(hashes):
        return False
    cluster.hand_over("hashes", hashes)
    alike = f"SELECT id FROM ({every}) JOIN hashes ON hashes.h = xxhash64(id) WHERE id <> ''"
    found = cluster.arrow(f"{alike} GROUP BY id HAVING count(*) > 1")
    cluster.hand_over("suspects", found)
    return len(found) > 0


def _is_ticked_off(cluster: Cluster, relation: Relation) -> bool:
    """Whether ids are whole numbers, each once: ticked off in strings of bits, which are small where they lie close."""
    if relation.types["id"] not in WHOLE:
        return False
    low, high, count = cluster.rows(f"SELECT min(id), max(id), count(id) FROM {relation.source}")[0]
    if not count or high - low >= TICKED * count:
        return False
    ticked = "SELECT bitmap_count(bitmap_construct_agg(bitmap_bit_position(id))) AS bits"
    by = "GROUP BY bitmap_bucket_number(id)"
    return bool(cluster.rows(f"SELECT sum(bits) FROM ({ticked} FROM {relation.source} {by})")[0][0] == count)


def _fetched(engine: Engine, cluster: Cluster, asked: Question, sums: Sums, failing: Sequence[int]) -> Sums:
    """Sums without the cells that cannot post; the rows they leave, and those in doubt, are fetched.

    Raises:
        GhgError: other rows come than were counted: the frame gives others each time.
    """
    import numpy as np

    out = np.isin(sums.codes["cell"], failing)
    left = asked.relation.rows - int(sums.rows[~out].sum())
    if not left:
        return sums
    condition = "key < 0"
    if out.any():
        cluster.tabulate("unposted", {"key": sums.key[out]})
        condition += " OR key IN (SELECT key FROM unposted)"
    names = tuple(asked.relation.types)
    listed = ", ".join(map(quoted, names))
    engine.adopt("arrived", cluster.arrow(f"SELECT place, {listed} FROM ({asked.view(names)}) WHERE {condition}"))
    # Rows that are stored nowhere are numbered by what they hold, so that their order is always the same.
    number = "place" if asked.relation.uris else f"row_number() OVER (ORDER BY {listed}) - 1"
    engine.run(f"CREATE OR REPLACE TABLE fetched AS SELECT {number} AS place, {listed} FROM arrived")
    places = np.asarray(engine.arrays("SELECT place FROM fetched")["place"])
    if len(places) != left:
        raise GhgError("the frame does not give the same rows each time: keep it with .persist(), or write it first.")
    codes = {name: code[~out] for name, code in sums.codes.items()}
    return Sums(sums.parts, sums.key[~out], codes, sums.amount[~out], sums.width[~out], sums.rows[~out], places)
