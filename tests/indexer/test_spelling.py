"""Unknown words are repaired, and nothing else is touched."""

from __future__ import annotations

import pytest
from docs_index.terms import index_terms
from docs_index.vocabulary import Vocabulary

TEXTS = [
    "Deploy the application to Kubernetes with a container registry.",
    "The container needs permission to deploy an application.",
    "Kubernetes reads the configuration; middleware and webhooks follow.",
    "Authentication and configuration of middleware, webhooks, permission.",
    "Authentication in Kubernetes: le déploiement de l'application.",
    "Un déploiement automatique.",
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(((text, " ".join(index_terms(text))) for text in TEXTS), "en")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("kuberentes", "kubernetes"),
        ("contianer", "container"),
        ("authentcation", "authentication"),
        ("configuratoin", "configuration"),
        ("midleware", "middleware"),
        ("déploiment", "déploiement"),
    ],
)
def test_a_mistyped_word_becomes_the_one_of_the_docs(vocabulary: Vocabulary, asked: str, meant: str) -> None:
    assert vocabulary.correct(f"how to fix {asked} please") == f"how to fix {meant} please"


def test_a_word_written_in_two_is_the_one_of_the_docs(vocabulary: Vocabulary) -> None:
    assert vocabulary.join_neighbours("how does middle ware auto matique work") == ["middleware", "automatique"]
    assert vocabulary.join_neighbours("what is it") == []


@pytest.mark.parametrize(
    "question",
    [
        "contained",  # English, near to container
        "redeploy my applications",  # a prefix and an ending
        "webhook",
        "deploymentless",
        "containerPort",
        "KUBECTL",
        "config.containr",
        "--deplyo",
        "pass",
        "数据库连接",
        "a1b2c3d4",
    ],
)
def test_known_words_names_and_identifiers_stay(vocabulary: Vocabulary, question: str) -> None:
    assert vocabulary.correct(question) == question
