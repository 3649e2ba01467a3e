"""What writers do to the rows: statements with numbers drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable

SALES, BUYERS, LABELS = 300, 60, 20
WORDS = ("pen", "ink", "cap", "nib", "box", "pad")
Draw = random.Random


def rows() -> str:
    """The first rows."""
    return f"""
INSERT INTO area SELECT n, 'area ' || n, nullif(n / 3, 0) FROM generate_series(1, 30) n;
INSERT INTO buyer SELECT n, 'buyer ' || n, 'b' || n || '@x.example', 1 + n % 30, NULL
    FROM generate_series(1, {BUYERS}) n;
INSERT INTO card SELECT n, n FROM generate_series(1, {BUYERS}, 2) n;
INSERT INTO sale (id, code, buyer_id, total) SELECT n, 'c' || n, 1 + n % {BUYERS}, n
    FROM generate_series(1, {SALES}) n;
INSERT INTO line SELECT n, 1 + n % {SALES}, 's' || n, 1, 1 FROM generate_series(1, 900) n;
INSERT INTO step SELECT n, 1 + n % 900, 'w' || n FROM generate_series(1, 900) n;
INSERT INTO label SELECT n, 'label ' || n FROM generate_series(1, {LABELS}) n;
INSERT INTO sale_label SELECT n, 1 + n % {LABELS} FROM generate_series(1, {SALES}) n;
INSERT INTO seat SELECT n / 10, n % 10, 'guest ' || n FROM generate_series(10, 99) n;
"""


def one_row(draw: Draw) -> str:
    """A change of one row."""
    return f"UPDATE sale SET total = {draw.randint(0, 999)} WHERE id = {_sale(draw)}"


def insert(draw: Draw) -> str:
    number = draw.randint(1_000, 1_000_000)
    return f"""BEGIN; INSERT INTO sale (id, code, buyer_id, total)
        VALUES ({number}, 'n{number}', {_buyer(draw)}, 1) ON CONFLICT DO NOTHING;
        INSERT INTO line VALUES ({number}, {number}, 'pen', 1, 2) ON CONFLICT DO NOTHING;
        INSERT INTO step VALUES ({number}, {number}, 'made') ON CONFLICT DO NOTHING; COMMIT"""


def child_first(draw: Draw) -> str:
    number = draw.randint(1_000, 1_000_000)
    return f"""BEGIN; INSERT INTO line VALUES ({number}, {number}, 'pen', 1, 2);
        INSERT INTO sale (id, code, total) VALUES ({number}, 'n{number}', 1); COMMIT"""


def reparent(draw: Draw) -> str:
    return f"""BEGIN; UPDATE line SET sale_id = {_sale(draw)} WHERE id = {draw.randint(1, 900)};
        UPDATE step SET line_id = {draw.randint(1, 900)} WHERE id = {draw.randint(1, 900)};
        UPDATE step SET word = 'w{draw.random()}' WHERE id = {draw.randint(1, 900)}; COMMIT"""


def reparent_many(draw: Draw) -> str:
    return f"""UPDATE line SET sale_id = {_sale(draw)}, sku = 'm' || id
        WHERE id % 50 = {draw.randint(0, 49)}"""


def deep(draw: Draw) -> str:
    return f"UPDATE step SET word = 'd{draw.random()}' WHERE id = {draw.randint(1, 900)}"


def cascade(draw: Draw) -> str:
    return f"DELETE FROM sale WHERE id = {_sale(draw)}"


def cascade_and_back(draw: Draw) -> str:
    sale = _sale(draw)
    return f"""BEGIN; DELETE FROM sale WHERE id = {sale};
        INSERT INTO sale (id, code, total) VALUES ({sale}, 'c{sale}', 0); COMMIT"""


def bulk(draw: Draw) -> str:
    return f"UPDATE sale SET total = total + 1 WHERE id % 7 = {draw.randint(0, 6)}"


def copied(draw: Draw) -> str:
    return f"UPDATE buyer SET name = 'n{draw.random()}' WHERE id = {_buyer(draw)}"


def label(draw: Draw) -> str:
    return f"UPDATE label SET word = 'w{draw.random()}' WHERE id = {draw.randint(1, LABELS)}"


def labels(draw: Draw) -> str:
    sale = _sale(draw)
    return f"""BEGIN; DELETE FROM sale_label WHERE sale_id = {sale};
        INSERT INTO sale_label VALUES ({sale}, {draw.randint(1, LABELS)}); COMMIT"""


def area(draw: Draw) -> str:
    child = draw.randint(2, 30)
    return f"""UPDATE area SET above_id = {draw.randint(1, child - 1)}, name = 'a{draw.random()}'
        WHERE id = {child}"""


def truncate_children(draw: Draw) -> str:
    table = draw.choice(("step", "sale_label"))
    return f"""BEGIN; CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM {table};
        TRUNCATE {table}; INSERT INTO {table} SELECT * FROM kept WHERE random() < 0.9; COMMIT"""


def truncate_root(draw: Draw) -> str:
    return """BEGIN; CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM seat;
        TRUNCATE seat; INSERT INTO seat SELECT * FROM kept WHERE random() < 0.95; COMMIT"""


def truncate_all(draw: Draw) -> str:
    return f"""BEGIN; TRUNCATE sale CASCADE; INSERT INTO sale (id, code, buyer_id, total)
        SELECT n, 'c' || n, 1 + n % {BUYERS}, n FROM generate_series(1, {SALES}) n;
        INSERT INTO line SELECT n, 1 + n % {SALES}, 's' || n, 1, 1 FROM generate_series(1, 900) n;
        INSERT INTO step SELECT n, 1 + n % 900, 'w' || n FROM generate_series(1, 900) n;
        INSERT INTO sale_label SELECT n, 1 + n % {LABELS} FROM generate_series(1, {SALES}) n;
        COMMIT"""


def key_swap(draw: Draw) -> str:
    hall, one, two = draw.randint(1, 9), *draw.sample(range(10), 2)
    return f"""BEGIN; UPDATE seat SET number = -1 WHERE (hall, number) = ({hall}, {one});
        UPDATE seat SET number = {one} WHERE (hall, number) = ({hall}, {two});
        UPDATE seat SET number = {two} WHERE (hall, number) = ({hall}, -1); COMMIT"""


def key_change(draw: Draw) -> str:
    return f"""UPDATE sale SET id = id + {draw.randint(1, 9) * 1_000_000}
        WHERE id = {_sale(draw)} AND NOT EXISTS (SELECT FROM line WHERE sale_id = sale.id)"""


def seat(draw: Draw) -> str:
    return f"""INSERT INTO seat VALUES ({draw.randint(1, 9)}, {draw.randint(0, 9)}, 'new')
        ON CONFLICT (hall, number) DO UPDATE SET guest = 'g{draw.random()}'"""


def unique_swap(draw: Draw) -> str:
    one, two = draw.sample(range(1, SALES + 1), 2)
    return f"""UPDATE sale SET code = CASE id
        WHEN {one} THEN (SELECT code FROM sale WHERE id = {two})
        ELSE (SELECT code FROM sale WHERE id = {one}) END WHERE id IN ({one}, {two})
        AND (SELECT count(*) FROM sale WHERE id IN ({one}, {two})) = 2"""


def unique_round(draw: Draw) -> str:
    start = draw.randint(1, SALES - 40)
    return f"""UPDATE sale SET code = next.code FROM (SELECT id, coalesce(lead(code) OVER w,
        first_value(code) OVER w) AS code FROM sale WHERE id BETWEEN {start} AND {start + 40}
        WINDOW w AS (ORDER BY id)) AS next WHERE next.id = sale.id"""


def unique_handed_on(draw: Draw) -> str:
    one, two = draw.sample(range(1, BUYERS + 1), 2)
    return f"""BEGIN; CREATE TEMP TABLE held ON COMMIT DROP AS
        SELECT email FROM buyer WHERE id = {one} FOR UPDATE;
        UPDATE buyer SET email = NULL WHERE id = {one};
        UPDATE buyer SET email = (SELECT email FROM held) WHERE id = {two}; COMMIT"""


def card(draw: Draw) -> str:
    buyer = _buyer(draw)
    return draw.choice((
        f"DELETE FROM card WHERE buyer_id = {buyer}",
        f"INSERT INTO card VALUES ({buyer}, 1) ON CONFLICT (buyer_id) DO UPDATE SET points = 2",
    ))  # fmt: skip


def rolled_back(draw: Draw) -> str:
    return f"BEGIN; {one_row(draw)}; {cascade(draw)}; ROLLBACK"


# How often each of them happens beside the others.
WEIGHTS: dict[Callable[[Draw], str], float] = {
    one_row: 20, insert: 10, child_first: 4, reparent: 12, reparent_many: 1, deep: 12, cascade: 3,
    cascade_and_back: 4, bulk: 2, copied: 4, label: 2, labels: 6, area: 2, truncate_children: 0.2,
    truncate_root: 0.3, truncate_all: 0.1, key_swap: 5, key_change: 2, seat: 5, unique_swap: 8,
    unique_round: 2, unique_handed_on: 5, card: 4, rolled_back: 3,
}  # fmt: skip


def change(draw: Draw) -> tuple[str, str]:
    """Return one change: what it is called, and its statements."""
    (made,) = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))
    return made.__name__, made(draw)


def _sale(draw: Draw) -> int:
    return draw.randint(1, SALES)


def _buyer(draw: Draw) -> int:
    return draw.randint(1, BUYERS)
