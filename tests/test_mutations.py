"""What is broken on purpose is seen: each mutation of `mutations` by the tests named beside it."""

import pytest
from mutations import CAUGHT, MUTATIONS, PROJECT, passes_unbroken, try_mutation


def test_every_mutation_names_a_text_that_stands_once_and_tests_that_are_there():
    texts = [(PROJECT / one.file).read_text(encoding="utf-8").count(one.old) for one in MUTATIONS]
    assert [one.what for one, count in zip(MUTATIONS, texts, strict=True) if count != 1] == []
    assert [
        test
        for one in MUTATIONS
        for test in one.tests.split()
        if not (PROJECT / test.split("::")[0]).exists()
    ] == []


def test_the_document_lists_every_mutation():
    said = (PROJECT / "docs" / "checking.md").read_text(encoding="utf-8")
    assert [one.what for one in MUTATIONS if f"- {one.what}（`{one.file}`）" not in said] == []


@pytest.mark.long
def test_the_tests_pass_where_nothing_is_broken():
    assert passes_unbroken(MUTATIONS)


@pytest.mark.long
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.what)
def test_a_mutation_is_caught(mutation):
    assert try_mutation(mutation) == CAUGHT
