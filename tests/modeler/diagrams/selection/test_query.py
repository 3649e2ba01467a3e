"""A selection survives the address, and no address breaks the page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.graph import ColumnMode
from modeler.diagrams.selection.query import LONGEST, from_query, to_query
from modeler.diagrams.selection.selection import MOST_HOPS, Selection, Show

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12).map(
    str.strip
)
LISTS = st.lists(NAMES.filter(bool), max_size=3, unique=True).map(tuple)
SELECTIONS = st.builds(
    Selection,
    apps=LISTS,
    tables=LISTS,
    without=LISTS,
    show=st.sets(st.sampled_from(Show)).map(lambda s: tuple(k for k in Show if k in s)),
    columns=st.sampled_from(ColumnMode),
    open=LISTS,
    closed=LISTS,
    fold=LISTS,
    text=NAMES,
    focus=LISTS,
    hops=st.integers(0, MOST_HOPS),
    hub_degree=st.integers(0, 500),
    grow=LISTS,
    path_from=NAMES,
    path_to=NAMES,
    avoid=LISTS,
    way=st.integers(-1, 5),
)


@given(SELECTIONS)
def test_a_selection_is_read_back(selection):
    assert from_query(to_query(selection)) == (selection, ())


@given(st.text(max_size=200))
def test_any_address_gives_a_selection(query):
    selection, _ = from_query(query)
    again, said = from_query(to_query(selection))
    assert (again, said) == (selection, ())


def test_what_cannot_be_read_is_said():
    assert from_query("hops=9&show=all&columns=key&hubs=x&way=1.5") == (
        Selection(),
        (
            "show='all' is not known. Use joins, proxies, history, system.",
            "columns='key' is not known. Use keys.",
            "hops='9' is no number from 0 to 3; it is 1 here.",
            "hubs='x' is no number from 0 to 100000; it is 15 here.",
            "way='1.5' is no number from -1 to 99; it is -1 here.",
        ),
    )


def test_an_endless_address_is_cut_at_a_parameter():
    query = "&".join(f"table=app.Table{number}" for number in range(2000))
    selection, said = from_query(query)
    assert len(to_query(selection)) <= LONGEST
    assert all(name == f"app.Table{number}" for number, name in enumerate(selection.tables))
    assert said == ("The address is too long; its end was left out. Save the view instead.",)
