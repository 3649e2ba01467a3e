"""Patterns of PCRE in Python, against the server's own engine."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.errors import OperationFailure

from modeler.mongo.checks.sql_patterns import from_like, from_posix
from modeler.mongo.evaluator.classes import NotPython
from modeler.mongo.evaluator.patterns import compile_pattern
from modeler.mongo.patterns import to_pcre2

# What has been the same in Unicode for long: servers and Pythons differ in what came later.
CHARACTERS = [
    character
    for character in map(chr, (*range(1, 0xD800), *range(0xE000, 0x11000)))
    if unicodedata.category(character) == unicodedata.ucd_3_2_0.category(character) != "Cn"
]
SETS = [
    r"(*UCP)\w", r"(*UCP)\W", r"(*UCP)\d", r"(*UCP)\s", r"(*UCP)\S", r"\w", r"\s", r"\h", r"\v",
    "(?i)i", "(?i)K", "(?i)ß", "(?i)σ", "(?i)[à-þ]", "(?i)[^k-s]", "(*UCP)(?i)[a-z]", "(?i)İ",
    r"(*UCP)[^\W\d_]", r"(*UCP)[\S\d]", r"[^\S ]", r"(*UCP)[-\w.]", ".", "(?s).",
    *(f"[[:{name}:]]" for name in ("alpha", "cntrl", "graph", "print", "punct", "space", "^word")),
    *(f"(*UCP)[[:{name}:]]" for name in ("alpha", "lower", "upper", "alnum", "blank", "digit",
                                         "graph", "print", "punct", "space", "word", "xdigit")),
    "(?i)[[:upper:]]", "(*UCP)(?i)[[:lower:]_]",
]  # fmt: skip


@pytest.fixture(scope="module")
def alphabet(mongo_database):
    mongo_database.drop_collection("alphabet")
    mongo_database.alphabet.insert_many(
        {"text": "".join(CHARACTERS[start : start + 512])}
        for start in range(0, len(CHARACTERS), 512)
    )
    return mongo_database.alphabet


def on_server(alphabet, pattern: str) -> set[str]:
    """The characters that a pattern of one character finds."""
    found = {"$regexFindAll": {"input": "$text", "regex": pattern}}
    matches = {"$map": {"input": found, "in": "$$this.match"}}
    rows = alphabet.aggregate([{"$project": {"matches": matches}}])
    return {character for row in rows for character in row["matches"]}


def test_sets_of_characters_are_the_servers(alphabet):
    text = "".join(CHARACTERS)
    differences = {}
    for pattern in SETS:
        here = set(compile_pattern(pattern).findall(text))
        if wrong := here ^ on_server(alphabet, pattern):
            differences[pattern] = sorted(map(ascii, wrong))[:5]
    assert differences == {}


SAMPLES = [
    "", "a", "A", "ab", "abc", "aab", "b", "é", "É", "ß", "12", "a1", " a ", "a b", "a\n", "\na",
    "a\nb", "\n", "a\n\n", "_-", "[", "]", "a]", "^", "-", "\\", "a.b", "aba", "abab", "x{,3}",
    "a{,2}b", "k\u212a", "ſ", "\u2028", "ab12", "A-1", "#", "$a", "50%", "\x1c", "\x85",
]  # fmt: skip
PATTERNS = [
    "^a$", "(?m)^a$", "(?m)^$", "(?m)^", "(?m)^b", "a$", r"a\z", r"a\Z", r"\Aa", "^", "$", "a|b",
    "(?i)a|B", "(?i:a)b", "(?i)a(?-i)b", "(?i)(?:a|b)c", "((?i)a)b", "a(?i)b|c", "(?s)a.b",
    "a.b", "(?s:a.)b", "(?x) a  b # text\n c", "a{,2}b", "a{1,2}b", "x{,3}", "{", "a{", "(?#no)a",
    "[]a]", "[^]a]", "[a-]", "[-a]", "[a\\]]", "[[]", "[\\[]", "[\\\\]", "[^\\n]", "[\\x{61}-c]",
    r"\x{E9}", r"\x61", r"(?i)\x{E9}", r"\ba", r"a\b", r"\Bb", r"(*UCP)\bé", r"\bé", r"(a)\1",
    r"(?P<n>a)b(?P=n)", r"(?<n>ab)\1", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(?>a+)b", "a++b",
    "a*?b", "a??b", r"\.", r"\$", r"\-", "é", "(?i)é", r"(*UCP)^\w+\z", r"^[-\w]+\z", r"\t|\n",
    r"[\d-]", r"[\w-]", "[[:alpha:]1]", "[[:^alpha:]]", r"^[\s\S]+\z", r"\N\n", "(*UTF8)é",
]  # fmt: skip


@pytest.fixture(scope="module")
def samples(mongo_database):
    mongo_database.drop_collection("samples")
    mongo_database.samples.insert_many({"_id": n, "text": t} for n, t in enumerate(SAMPLES))
    return mongo_database.samples


def found_on_server(samples, pattern: str) -> list[str]:
    matched = {"$regexMatch": {"input": "$text", "regex": {"$literal": pattern}}}
    rows = samples.aggregate([{"$match": {"$expr": matched}}, {"$sort": {"_id": 1}}])
    return [row["text"] for row in rows]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_find_what_the_server_finds(samples, pattern):
    here = compile_pattern(pattern)
    assert [text for text in SAMPLES if here.search(text)] == found_on_server(samples, pattern)


atoms = st.sampled_from([
    "a", "b", "A", "é", ".", r"\w", r"\d", r"\s", r"\W", r"\S", "[a-c]", "[^a]", r"[^\w]",
    r"[\Sa]", "[[:alpha:]]", "(?i:a)", "(?:ab|A)", "(a)", r"\n", r"\b", "^", "$", r"\z", r"\Z",
    r"\A", "(?i)", "(?s)", "(?m)", "(?=a)", "(?!b)", "{", "]", "-", "1",
])  # fmt: skip
pieces = st.builds(
    lambda atom, times: atom if atom in ("(?i)", "(?s)", "(?m)", "^") else atom + times,
    atoms,
    st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{0,1}", "{,1}", "*?"]),
)


@given(
    start=st.sampled_from(["", "(*UCP)"]),
    parts=st.lists(st.lists(pieces, max_size=5).map("".join), min_size=1, max_size=2),
)
@settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_any_pattern_finds_what_the_server_finds(samples, start, parts):
    pattern = start + "|".join(parts)
    try:
        here = compile_pattern(pattern)
    except NotPython:
        return  # said when compiling
    try:
        wanted = found_on_server(samples, pattern)
    except OperationFailure:
        return  # a quantifier after what has no width
    assert [text for text in SAMPLES if here.search(text)] == wanted


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        (r"\p{L}", r"\p"), (r"\K", r"\K"), (r"(?R)", "group"), (r"(*ACCEPT)a", "group"),
        ("(?|a|b)", "group"), ("(?i)(a)\\1", "reference"), ("[[.a.]]", "collating"),
        ("(*UCP)[[:cntrl:]]", "cntrl"), (r"\Qa\E", r"\Q"), ("(a", "closed"), ("a)", "opened"),
        ("[a", "end"), (r"(?<=a+)b", "counterpart"), ("[b-a]", "backwards"), (r"\x{110000}", "no"),
    ],
)  # fmt: skip
def test_what_has_no_exact_counterpart_is_refused(pattern, word):
    with pytest.raises(NotPython) as caught:
        compile_pattern(pattern)
    assert word in str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        to_pcre2(r"^[-a-zA-Z0-9_]+\Z"), to_pcre2("^É", 2), from_like("a%_"),
        from_like("Ä%", any_case=True),
        from_posix(r"^[[:alpha:]_]+$"), from_posix("^[A-Z]{2}-[0-9]+$", any_case=True),
    ],
)  # fmt: skip
def test_our_own_patterns_are_known(samples, pattern):
    here = compile_pattern(pattern)
    assert [text for text in SAMPLES if here.search(text)] == found_on_server(samples, pattern)
