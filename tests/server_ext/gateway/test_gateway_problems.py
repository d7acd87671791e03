"""Errors become problem documents by one table."""

import pytest
from tornado.web import HTTPError

from server_ext import problems
from server_ext.problems import problem_document, status_of
from workbench import errors
from workbench.errors import PacaiError


def descendants(kind: type[PacaiError]) -> list[type[PacaiError]]:
    return [kind, *(deep for child in kind.__subclasses__() for deep in descendants(child))]


EDGE = [kind for kind in descendants(PacaiError) if kind.__module__ in (errors.__name__, problems.__name__)]


@pytest.mark.parametrize("kind", EDGE, ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_a_status_of_its_own_kind(kind: type[PacaiError]) -> None:
    status, title = status_of(kind("said"))
    assert title
    if issubclass(kind, errors.UnavailableError):
        assert status >= 500
    elif kind is not PacaiError:
        assert 400 <= status < 500


def test_slugs_are_unique_over_the_whole_tree() -> None:
    slugs = [kind.slug for kind in EDGE]
    assert len(set(slugs)) == len(slugs)


def test_a_problem_says_what_and_where_and_names_the_event() -> None:
    document = problem_document(errors.SeedError("the seed is odd"), instance="/generate", audit_event=17)
    assert document == {
        "type": "urn:pacai:problem:bad-seed",
        "title": "Seed not usable",
        "status": 422,
        "detail": "the seed is odd",
        "instance": "/generate",
        "audit_event": 17,
    }


def test_without_a_log_the_event_is_left_out() -> None:
    assert "audit_event" not in problem_document(errors.MissingError("gone"), instance="/x", audit_event=None)


def test_a_fault_of_ours_says_nothing_of_its_inside() -> None:
    document = problem_document(KeyError("password"), instance="/x", audit_event=None)
    assert (document["status"], document["type"]) == (500, "urn:pacai:problem:internal")
    assert "password" not in str(document)


def test_tornados_own_refusals_become_problems_too() -> None:
    document = problem_document(HTTPError(404, "no such page"), instance="/x", audit_event=None)
    assert (document["type"], document["detail"]) == ("urn:pacai:problem:not-found", "no such page")
    assert "secret" not in str(problem_document(HTTPError(500, "secret"), instance="/x", audit_event=None))
