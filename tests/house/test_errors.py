"""The error tree is one tree, drawn as it is."""

import re

from workbench import errors


def descendants(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(deep for child in kind.__subclasses__() for deep in descendants(child))]


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = re.findall(r"(\w+Error)\b", errors.__doc__ or "")
    own = [kind.__name__ for kind in descendants(errors.PacaiError) if kind.__module__ == errors.__name__]
    assert sorted(set(drawn)) == sorted(set(own) | ({"PacaiError"} & set(drawn)))
    assert sorted(errors.__all__) == sorted([*own, "error_from_slug"])


def test_slugs_are_stable_names_and_unique() -> None:
    slugs = [kind.slug for kind in descendants(errors.PacaiError) if kind.__module__ == errors.__name__]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def test_every_error_comes_back_from_its_slug() -> None:
    for kind in descendants(errors.PacaiError):
        if kind.__module__ == errors.__name__ and issubclass(kind, errors.PacaiError):
            back = errors.error_from_slug(kind.slug, "said")
            assert (type(back), str(back)) == (kind, "said")
    assert type(errors.error_from_slug("from-the-future", "x")) is errors.PacaiError
