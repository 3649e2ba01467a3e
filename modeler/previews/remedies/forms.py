"""The safe forms that there are, and which finding asks for which."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """A way to reach the same end with less harm; the value is what it does, in words."""

    INDEX = "build indexes without blocking writes"
    INDEX_DROP = "drop indexes without blocking anybody"
    CHECK = "add checks first and validate them later"
    FOREIGN_KEY = "add foreign keys first and validate them later"
    UNIQUE = "build unique indexes first and make them constraints later"
    NOT_NULL = "fill in batches and prove NOT NULL before it is set"
    VOLATILE_DEFAULT = "add the column empty and fill it in batches"
    TYPE = "fill a second column of the new type and swap both"
    FOREIGN_KEY_KEPT = "leave foreign keys in place that stay the same"
    BATCHES = "change rows a batch at a time"
    SPLIT = "give each lock a transaction of its own"
    DEFAULT_STAYS = "keep the default in the database until the old code is gone"
    REMOVAL = "forget the column or table first and drop it one release later"
    RENAME = "rename in Python and leave the database as it is"

    @property
    def changes_releases(self) -> bool:
        """It asks for another release, or for an edit of models: only on demand.

        So it is with batches, between which others see a part of the change.
        """
        return self in {Form.DEFAULT_STAYS, Form.REMOVAL, Form.RENAME, Form.BATCHES}


# Forms say what a migration does; codes only say which of them a reader asked about.
BY_CODE: dict[str, Form] = {
    "MP102": Form.REMOVAL,
    "MP104": Form.RENAME,
    "MP199": Form.SPLIT,
    "MP201": Form.NOT_NULL,
    "MP202": Form.DEFAULT_STAYS,
    "MP203": Form.VOLATILE_DEFAULT,
    "MP207": Form.UNIQUE,
    "MP208": Form.INDEX,
    "MP209": Form.FOREIGN_KEY,
    "MP210": Form.FOREIGN_KEY,
    "MP212": Form.CHECK,
    "MP215": Form.REMOVAL,
    "MP216": Form.REMOVAL,
    "MP217": Form.REMOVAL,
    "MP219": Form.REMOVAL,
    "MP220": Form.RENAME,
    "MP221": Form.TYPE,
    "MP222": Form.NOT_NULL,
    "MP223": Form.NOT_NULL,
    "MP229": Form.TYPE,
    "MP233": Form.FOREIGN_KEY_KEPT,
    "MP234": Form.UNIQUE,
    "MP301": Form.CHECK,
    "MP302": Form.SPLIT,
    "MP303": Form.FOREIGN_KEY,
    "MP304": Form.FOREIGN_KEY,
    "MP305": Form.UNIQUE,
    "MP306": Form.UNIQUE,
    "MP401": Form.INDEX,
    "MP402": Form.INDEX_DROP,
    "MP404": Form.SPLIT,
    "MP501": Form.SPLIT,
    "MP502": Form.SPLIT,
    "MP503": Form.SPLIT,
    "MP504": Form.SPLIT,
    "MP508": Form.SPLIT,
    "MP603": Form.BATCHES,
    "MP604": Form.BATCHES,
    "MP605": Form.BATCHES,
}

# Where no migration that is written by a program alone is sound, and why.
WITHOUT: dict[str, str] = {
    "MP205": "a stored generated column is computed for every row at once; a virtual one "
    "(PostgreSQL 18) is instant, else keep a plain column up to date by a trigger",
    "MP206": "numbers of rows that are there have to be given out; add a bigint column without "
    "one, fill it in batches, and give it a sequence then",
    "MP213": "the domain's constraint is checked for each row; use its base type and a check",
    "MP226": "the index depends on the old collation; build a second one first",
    "MP227": "the index for LIKE is made anew with the type; drop it concurrently before",
    "MP228": "every table that refers to the key changes with it; plan new columns on all of them",
    "MP310": "an exclusion constraint can be added in one step only; make a new table and move "
    "the rows",
    "MP308": "a primary key is the table's identity; build its unique index concurrently, and "
    "add it USING INDEX by hand",
}
