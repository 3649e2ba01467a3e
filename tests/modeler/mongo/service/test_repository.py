"""What a repository does, on a real MongoDB."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from bson import Decimal128, Int64

from modeler.mongo.service.runtime.paging import after_place, place_values

START = datetime(2026, 1, 1, tzinfo=UTC)


def book(number: int, **values):
    return {
        "_id": UUID(int=number),
        "created_at": START + timedelta(days=number // 2),
        "version": Int64(1),
        "deleted_at": None,
        "isbn": f"isbn{number}",
        "title": f"The {'red' if number % 2 else 'blue'} book",
        "pages": 10,
        "price": Decimal128("9.90"),
        "status": "draft",
        "author_id": UUID(int=1000),
        "editor_id": None,
        "chapters": [],
        **values,
    }


def author(number: int, name: str = "Ada", *, is_deleted: bool = False):
    return {"_id": UUID(int=number), "name": name, "is_deleted": is_deleted}


def test_what_is_created_is_got(books):
    made = book(1, chapters=[{"id": UUID(int=5), "name": "One", "translator_id": None}])
    assert books.create(made) == made
    assert books.get(made["_id"]) == made
    assert books.get(UUID(int=9)) is None
    assert books.count() == 1


def test_a_synchronisation_is_not_seen(books):
    books.create(book(1))
    books.collection.update_one({}, {"$set": {"_sync": {"version": 7}}})
    assert books.get(UUID(int=1)) == book(1)
    assert books.page().documents == [book(1)]
    assert books.search("red") == [book(1)]
    assert books.update(UUID(int=1), {"pages": 11}, version=1) == book(1, pages=11, version=2)


def test_a_change_counts(books, library):
    books.create(book(1))
    key = UUID(int=1)
    assert books.update(key, {"pages": 12}, version=1) == book(1, pages=12, version=2)
    with pytest.raises(library.VersionConflict, match="has no longer version 1"):
        books.update(key, {"pages": 13}, version=1)
    assert books.update(key, {}, version=2) == book(1, pages=12, version=3)
    # The number stays of its type.
    assert type(books.get(key)["version"]) is Int64
    with pytest.raises(library.NotFound):
        books.update(UUID(int=2), {"pages": 1}, version=1)


@pytest.mark.parametrize(
    ("changes", "version", "said"),
    [
        ({"pagse": 1}, 1, "books: 'pagse' is no field of its documents."),
        ({"$where": 1}, 1, "books: '$where' is no field of its documents."),
        ({"_id": 1}, 1, "books: '_id' never changes."),
        ({"version": 9}, 1, "books: 'version' counts by itself."),
        ({"pages": 1}, None, "books: 'version' must say which version was read."),
    ],
)
def test_only_fields_are_changed(books, library, changes, version, said):
    books.create(book(1))
    with pytest.raises(library.UnknownField) as caught:
        books.update(UUID(int=1), changes, version=version)
    assert str(caught.value) == said
    assert books.get(UUID(int=1)) == book(1)


def test_a_duplicate_names_the_constraint(books, library):
    books.create(book(1))
    with pytest.raises(library.Duplicate) as caught:
        books.create(book(2, isbn="isbn1"))
    assert (caught.value.rule, caught.value.values) == ("book_isbn", {"isbn": "isbn1"})
    assert str(caught.value) == "books: book_isbn: isbn='isbn1' is taken."
    with pytest.raises(library.Duplicate) as caught:
        books.create(book(1, isbn="x"))
    assert caught.value.rule == "_id"
    books.create(book(2))
    with pytest.raises(library.Duplicate) as caught:
        books.update(UUID(int=2), {"isbn": "isbn1"}, version=1)
    assert caught.value.rule == "book_isbn"


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({"pages": 0}, ("book_pages",)),
        ({"title": "$pages", "pages": 0}, ("book_pages",)),
        ({"status": "lost"}, ("status: enum",)),
        ({"isbn": "x" * 14}, ("isbn: maxLength",)),
        ({"pages": "many"}, ("pages: bsonType",)),
        ({"surplus": 1}, ("surplus: no such field",)),
        ({"chapters": [{"id": UUID(int=5), "name": "One"}]},
         ("chapters.0.translator_id: required",)),
        ({"chapters": [{"id": UUID(int=5), "name": 1, "translator_id": None}]},
         ("chapters.0.name: bsonType",)),
        ({"price": Decimal128("1.001"), "pages": -1}, ("price: multipleOf", "book_pages")),
    ],
)  # fmt: skip
def test_a_refusal_names_the_rules(books, library, values, rules):
    with pytest.raises(library.Refused) as caught:
        books.create(book(1, **values))
    assert set(caught.value.rules) >= set(rules)
    assert books.count() == 0
    if "surplus" not in values:
        books.create(book(1))
        with pytest.raises(library.Refused) as caught:
            books.update(UUID(int=1), values, version=1)
        assert set(caught.value.rules) >= set(rules)
        assert books.get(UUID(int=1)) == book(1)


def test_deleted_documents_are_not_seen(books, library):
    books.create(book(1))
    books.create(book(2))
    before = datetime.now(UTC).replace(microsecond=0)
    gone = books.soft_delete(UUID(int=1), version=1)
    assert before <= gone["deleted_at"] <= datetime.now(UTC)
    assert (gone["version"], books.with_deleted(UUID(int=1))) == (2, gone)
    assert books.get(UUID(int=1)) is None
    assert books.page().documents == [book(2)]
    assert books.search("book") == [book(2)]
    assert (books.count(), books.count({"pages": 10})) == (1, 1)
    for again in (lambda: books.soft_delete(UUID(int=1), version=2),
                  lambda: books.update(UUID(int=1), {"pages": 1}, version=2)):  # fmt: skip
        with pytest.raises(library.NotFound):
            again()
    authors = library.AuthorRepository(library.test_database)
    authors.create(author(1))
    assert authors.soft_delete(UUID(int=1)) == author(1, is_deleted=True)
    assert authors.page().documents == []
    books.delete(UUID(int=1))
    with pytest.raises(library.NotFound):
        books.delete(UUID(int=1))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_hold_each_document_once_and_go_on_after_writes(books, limit):
    for number in range(1, 8):
        books.create(book(number))
    assert books.order == (("created_at", -1), ("_id", -1))
    seen, after = [], None
    for turn in range(9):
        page = books.page(after, limit)
        seen += [document["_id"].int for document in page.documents]
        after = page.next
        if after is None:
            break
        books.create(book(50 + turn))  # newer ones come before, and do not shift the rest
    assert [number for number in seen if number < 50] == [7, 6, 5, 4, 3, 2, 1]
    assert len(seen) == len(set(seen))


def test_a_page_of_some(books, library):
    for number in range(1, 6):
        books.create(book(number, pages=number))
    page = books.page(None, 1, where={"pages": {"$gt": 3}})
    assert [one["pages"] for one in page.documents] == [5]
    page = books.page(page.next, 5, where={"pages": {"$gt": 3}})
    assert ([one["pages"] for one in page.documents], page.next) == ([4], None)
    shown = books.project(["title", "chapters.name"], limit=1)
    assert shown.documents == [{"_id": UUID(int=5), "title": "The red book", "chapters": []}]
    assert books.project(["pages"], shown.next, 1).documents == [{"_id": UUID(int=4), "pages": 4}]
    with pytest.raises(library.UnknownField):
        books.project(["nothing"])


@pytest.mark.parametrize("text", ["", "x", "AAAA", "W10", "é", "eyIkZ3QiOiAxfQ"])
def test_a_place_that_is_none(books, library, text):
    with pytest.raises(library.WrongPlace):
        books.page(text)


def test_a_place_of_another_list(books, library):
    authors = library.AuthorRepository(library.test_database)
    authors.create(author(1))
    authors.create(author(2, "Ben"))
    place = authors.page(limit=1).next
    assert [one["name"] for one in authors.page(place).documents] == ["Ben"]
    with pytest.raises(library.WrongPlace, match="of another order"):
        books.page(place)


def test_a_place_cannot_smuggle_an_operator(books, library):
    books.create(book(1))
    names = [name for name, _ in books.order]
    place = library.place_text(names, [{"$gt": 0}, {"$ne": None}])
    assert books.page(place).documents == []


def test_words_are_searched(books):
    for number in range(1, 4):
        books.create(book(number))
    assert [one["_id"].int for one in books.search("red")] == [1, 3]
    assert [one["_id"].int for one in books.search("book -red")] == [2]
    assert [one["_id"].int for one in books.search("red", where={"isbn": "isbn3"})] == [3]
    assert len(books.search("book", limit=2)) == 2


def test_composite_keys_are_put_in_order(books, library):
    seats = library.SeatRepository(library.test_database)
    seats.create({"_id": {"number": 1, "hall": "A"}, "class": "x"})
    assert seats.get({"number": 1, "hall": "A"}) == {
        "_id": {"hall": "A", "number": 1},
        "class": "x",
    }
    seats.create({"_id": {"hall": "A", "number": 2}, "class": "x"})
    place = seats.page(limit=1).next
    assert [one["_id"]["number"] for one in seats.page(place).documents] == [2]
    assert seats.update({"number": 1, "hall": "A"}, {"class": "y"})["class"] == "y"
    with pytest.raises(library.UnknownField, match="must name hall, number"):
        seats.get({"hall": "A"})


def test_documents_without_a_key_get_one(books, library):
    notes = library.NoteRepository(library.test_database)
    made = notes.create({"text": "a"})
    assert notes.get(made["_id"]) == made


def test_changes_are_watched_and_resumed(books, library):
    other = UUID(int=2000)
    with books.watch() as changes, books.watch(where={"author_id": other}) as of_other:
        assert changes.try_next() is None
        books.create(book(1))
        books.create(book(2, author_id=other))
        books.update(UUID(int=1), {"pages": 11}, version=1)
        books.delete(UUID(int=1))
        found = [next(changes) for _ in range(4)]
        # An update's document is the one of now.
        assert [(one.operation, one.key.int, one.document) for one in found] == [
            ("insert", 1, book(1)),
            ("insert", 2, book(2, author_id=other)),
            ("update", 1, None),
            ("delete", 1, None),
        ]
        (only,) = [of_other.try_next()]
        assert (only.operation, only.document) == ("insert", book(2, author_id=other))
        assert of_other.try_next() is None
    with books.watch(resume_token=found[1].resume_token) as again:
        assert [next(again).operation for _ in range(2)] == ["update", "delete"]
        assert again.try_next() is None
        token = again.resume_token
    books.create(book(3))
    with books.watch(resume_token=token) as again:
        assert next(again).document == book(3)


def test_a_watch_waits_and_can_be_closed(books):
    seen = []
    with books.watch() as changes:
        waiting = threading.Thread(target=lambda: seen.extend(one.key.int for one in changes))
        waiting.start()
        books.create(book(1))
        books.create(book(2))
        for _ in range(100):
            if len(seen) == 2:
                break
            waiting.join(0.05)
        changes.close()
    waiting.join(10)
    assert (seen, waiting.is_alive()) == ([1, 2], False)


def test_a_token_that_is_too_old_is_said(books, library):
    from pymongo.errors import OperationFailure

    with pytest.raises(library.HistoryLost, match="Read the collection anew"), library.Lost():
        raise OperationFailure("resume of change stream was not possible", 286)


def test_what_refers_to_a_document_is_watched(books, library):
    authors = library.AuthorRepository(library.test_database)
    key = UUID(int=1000)
    with (
        authors.watch_books_by_author(key) as written,
        authors.watch_books_by_editor(key) as edited,
        authors.watch_books_by_chapters_translator(key) as translated,
    ):
        books.create(book(1))
        books.create(book(2, author_id=UUID(int=1), editor_id=key))
        row = {"id": UUID(int=5), "name": "One", "translator_id": key}
        books.create(book(3, author_id=UUID(int=1), chapters=[row]))
        assert next(written).key.int == 1
        assert next(edited).key.int == 2
        assert next(translated).key.int == 3
        assert written.try_next() is None


def test_references_that_lead_nowhere(books, library):
    authors = library.AuthorRepository(library.test_database)
    authors.create(author(1))
    rows = [
        {"id": UUID(int=5), "name": "One", "translator_id": UUID(int=7)},
        {"id": UUID(int=6), "name": "Two", "translator_id": UUID(int=1)},
        {"id": UUID(int=8), "name": "Two", "translator_id": None},
    ]
    books.create(book(1, author_id=UUID(int=1), chapters=rows))
    books.create(book(2, author_id=UUID(int=9)))
    assert [one.name for one in books.references] == ["author", "editor", "chapters_translator"]
    assert books.orphans("author") == [{"_id": UUID(int=2), "missing": UUID(int=9)}]
    assert books.orphans("editor") == []
    assert books.orphans("chapters_translator") == [{"_id": UUID(int=1), "missing": UUID(int=7)}]
    with pytest.raises(library.UnknownField):
        books.orphans("reader")


def test_the_list_of_the_admin(books, library):
    authors = library.AuthorRepository(library.test_database)
    authors.create(author(1))
    authors.create(author(2, "Ben"))
    books.create(book(1, author_id=UUID(int=1), editor_id=UUID(int=2)))
    books.create(book(2, author_id=UUID(int=2), status="sold"))
    books.create(book(3, author_id=UUID(int=77)))
    first = {"_id": UUID(int=1), "title": "The red book", "author": author(1),
             "editor__name": "Ben", "__str__": UUID(int=1)}  # fmt: skip
    assert books.rows()[-1] == first
    assert [row["_id"].int for row in books.rows()] == [3, 2, 1]
    assert "author" not in books.rows()[0]
    found = {
        "": [3, 2, 1], "RED": [3, 1], "red ada": [1], "isbn2": [2], "bn2": [],
        "r.d": [], "book be": [2],
    }  # fmt: skip
    for search, numbers in found.items():
        assert [row["_id"].int for row in books.rows(search=search)] == numbers, search
    assert [row["_id"].int for row in books.rows(filters={"status": "sold"})] == [2]
    assert [row["_id"].int for row in books.rows(filters={"author__name": "Ada"})] == [1]
    assert [row["_id"].int for row in books.rows(filters={"status": {"$ne": ""}})] == []
    assert [row["_id"].int for row in books.rows(limit=1)] == [3]
    with pytest.raises(library.UnknownField, match="is no filter"):
        books.rows(filters={"pages": 1})
    with pytest.raises(library.UnknownField):
        authors.rows()


def test_collections_are_ensured_again(books, library):
    books.create(book(1))
    library.test_database.command("collMod", "books", validator={})
    library.ensure_collections(library.test_database)
    with pytest.raises(library.Refused):
        books.create(book(2, pages=0))
    assert books.get(UUID(int=1)) == book(1)


def test_a_transaction_is_all_or_nothing(books, library, service_client):
    def both(session):
        within = library.BookRepository(library.test_database, session)
        within.create(book(1))
        within.create(book(2, isbn="isbn1"))

    with service_client.start_session() as session, pytest.raises(library.Duplicate):
        session.with_transaction(both)
    assert books.count() == 0


def test_a_page_reads_what_it_shows(books):
    """However deep: the index gives the order, and nothing is sorted or skipped."""
    books.collection.insert_many(book(number) for number in range(1, 3001))
    page = books.page(limit=2500)
    names = [name for name, _ in books.order]
    beyond = after_place(books.order, place_values(names, page.next))
    query = {"$and": [books._among(None), beyond]}
    cursor = books.collection.find(query).sort(list(books.order)).limit(20)
    plan = cursor.explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 21
    assert plan["executionStats"]["totalKeysExamined"] <= 25
    assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])
    assert [one["_id"].int for one in books.page(page.next, 20).documents] == [
        *range(500, 480, -1)
    ]
