"""A text type whose equality ignores case: the extension citext, or the same written in SQL.

The servers that tests start have no extensions; what matters here, operators, an index and
foreign keys that take 'abc' and 'ABC' for one, is real in both.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.conf import data_dir
from modeler.postgres.connections import connection_to
from modeler.servers import Place
from modeler.servers.passwords import read_password

COMPARISONS = {"lt": "<", "le": "<=", "eq": "=", "ge": ">=", "gt": ">"}
AVAILABLE = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext')"


def make_citext(connection: BaseDatabaseWrapper) -> None:
    """Let a database have the type ``citext``."""
    with connection.cursor() as cursor:
        cursor.execute(AVAILABLE)
        if cursor.fetchone()[0]:
            cursor.execute("CREATE EXTENSION citext")
            return
    # Only a superuser may make a type that is stored as another.
    password = read_password(Place.of(data_dir()), "postgres-postgres")
    settings = {**connection.settings_dict, "USER": "postgres", "PASSWORD": password}
    superuser = connection_to(settings, "superuser")
    with superuser.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
    superuser.close()


def statements() -> list[str]:
    made = [
        "CREATE TYPE citext",
        "CREATE FUNCTION citextin(cstring) RETURNS citext LANGUAGE internal IMMUTABLE STRICT "
        "AS 'textin'",
        "CREATE FUNCTION citextout(citext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT "
        "AS 'textout'",
        "CREATE TYPE citext (INPUT = citextin, OUTPUT = citextout, INTERNALLENGTH = VARIABLE, "
        "STORAGE = extended, CATEGORY = 'S', COLLATABLE = true)",
        "CREATE CAST (citext AS text) WITHOUT FUNCTION AS IMPLICIT",
        "CREATE CAST (text AS citext) WITHOUT FUNCTION AS ASSIGNMENT",
    ]
    for name, sign in COMPARISONS.items():
        made.append(
            f"CREATE FUNCTION citext_{name}(a citext, b citext) RETURNS boolean LANGUAGE sql "
            f"IMMUTABLE STRICT RETURN lower(a::text) {sign} lower(b::text)"
        )
        merges = ", MERGES, HASHES, COMMUTATOR = =" if sign == "=" else ""
        made.append(
            f"CREATE OPERATOR {sign} (LEFTARG = citext, RIGHTARG = citext, "
            f"FUNCTION = citext_{name}{merges})"
        )
    made.append(
        "CREATE FUNCTION citext_cmp(a citext, b citext) RETURNS integer LANGUAGE sql IMMUTABLE "
        "STRICT RETURN bttextcmp(lower(a::text), lower(b::text))"
    )
    order = ", ".join(f"OPERATOR {n} {sign}" for n, sign in enumerate(COMPARISONS.values(), 1))
    made.append(
        "CREATE OPERATOR CLASS citext_ops DEFAULT FOR TYPE citext USING btree AS "
        f"{order}, FUNCTION 1 citext_cmp(citext, citext)"
    )
    made.append(
        "CREATE FUNCTION citext_hash(a citext) RETURNS integer LANGUAGE sql IMMUTABLE STRICT "
        "RETURN hashtext(lower(a::text))"
    )
    made.append(
        "CREATE OPERATOR CLASS citext_hash_ops DEFAULT FOR TYPE citext USING hash AS "
        "OPERATOR 1 =, FUNCTION 1 citext_hash(citext)"
    )
    return made
