"""Tables with a rule of every sort, and a few rows."""

from __future__ import annotations

from modeler.mongo.aggregate import Aggregate, Part, PartKind

TABLES = """
CREATE TABLE kind (code varchar(8) PRIMARY KEY, label text NOT NULL);
CREATE TABLE deed (
    id bigint PRIMARY KEY,
    code varchar(8) NOT NULL, kind_code varchar(8) REFERENCES kind,
    small smallint NOT NULL CHECK (small >= -3), big bigint, ratio double precision,
    price numeric(8, 2) NOT NULL, tax numeric(8, 2) NOT NULL, total numeric(9, 2) NOT NULL,
    state text NOT NULL, mail varchar(40), active boolean NOT NULL, token uuid NOT NULL,
    starts date NOT NULL, ends date, made timestamptz NOT NULL, facts jsonb, words text[],
    size numeric NOT NULL DEFAULT 1, note varchar(12),
    CONSTRAINT deed_code UNIQUE (code),
    CONSTRAINT deed_mail_once UNIQUE NULLS NOT DISTINCT (mail, small),
    CONSTRAINT deed_state CHECK (state IN ('new', 'open', 'done')),
    CONSTRAINT deed_price CHECK (price >= 0 AND price <> 'NaN'),
    CONSTRAINT deed_tax CHECK (tax BETWEEN 0 AND price),
    CONSTRAINT deed_total CHECK (total = price + tax),
    CONSTRAINT deed_ratio CHECK (ratio > -0.5),
    CONSTRAINT deed_ends CHECK (ends >= starts),
    CONSTRAINT deed_mail CHECK (mail ~ '^[a-z]+@[a-z.]+$'),
    CONSTRAINT deed_note CHECK (length(note) > 2 OR NOT active)
);
CREATE UNIQUE INDEX deed_active_token ON deed (token) WHERE active;
CREATE TABLE step (
    deed_id bigint NOT NULL REFERENCES deed, place smallint NOT NULL, name varchar(10) NOT NULL,
    weight integer, CONSTRAINT step_key PRIMARY KEY (deed_id, place),
    CONSTRAINT step_name UNIQUE (deed_id, name),
    CONSTRAINT step_weight CHECK (weight % 5 = 0 AND weight BETWEEN 0 AND 100)
);
CREATE TABLE seal (
    deed_id bigint PRIMARY KEY REFERENCES deed,
    number integer NOT NULL CONSTRAINT seal_number UNIQUE,
    CONSTRAINT seal_positive CHECK (number > 0)
);
CREATE TABLE vow (deed_id bigint PRIMARY KEY REFERENCES deed);
CREATE TABLE echo (deed_id bigint NOT NULL REFERENCES deed);
"""
ROWS = """
INSERT INTO kind VALUES ('a', 'A'), ('b', 'B');
INSERT INTO deed
SELECT n, 'c' || n, CASE WHEN n % 3 > 0 THEN 'a' END, n % 40, n * 10000000000, n / 7.0,
       n, n / 10.0, n + n / 10.0, (ARRAY['new', 'open', 'done'])[1 + n % 3],
       CASE WHEN n % 4 > 0 THEN 'mail' || chr(97 + n % 26) || '@x.example' END, n % 2 = 0,
       md5((n / 2)::text)::uuid, date '2026-01-01' + n, date '2026-02-01' + n,
       timestamptz '2026-01-01' + n * interval '1 minute', jsonb_build_object('n', n),
       ARRAY['x', n::text], n / 3.0, 'note ' || n
FROM generate_series(1, 30) n;
INSERT INTO step SELECT d, p, 'step ' || p, p * 5
FROM generate_series(1, 30) d, generate_series(1, 3) p;
INSERT INTO seal SELECT n, n FROM generate_series(1, 20) n;
INSERT INTO vow SELECT n FROM generate_series(1, 20) n;
INSERT INTO echo SELECT 1 + n % 5 FROM generate_series(1, 20) n;
"""
SHAPES = (
    Aggregate(
        "default:deed",
        "deeds",
        parts=(
            Part("steps", PartKind.ARRAY, "default:step.step_deed_id_fkey"),
            Part("seal", PartKind.ONE, "default:seal.seal_deed_id_fkey"),
            # Rows without a column of their own: that they are there is all they say.
            Part("vow", PartKind.ONE, "default:vow.vow_deed_id_fkey"),
            Part("echoes", PartKind.ARRAY, "default:echo.echo_deed_id_fkey"),
        ),
    ),
    Aggregate("default:kind", "kinds"),
)
