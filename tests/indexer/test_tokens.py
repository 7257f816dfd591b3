"""Single words of a question against those of the passages, kept as bits."""

from __future__ import annotations

import numpy as np
from docs_index.embedders import make_embedder
from docs_index.embedders.base import Vectors
from docs_index.tokens import TokenStore, pack, pool
from hypothesis import given
from hypothesis import strategies as st


def unit(count: int, dim: int = 384, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@given(st.integers(0, 90), st.integers(0, 5))
def test_pooling_halves_and_gives_unit_vectors(count: int, seed: int) -> None:
    pooled = pool(unit(count, seed=seed))
    assert len(pooled) == (count if count < 4 else count - count // 2)
    assert np.allclose(np.linalg.norm(pooled, axis=1), 1, atol=1e-4)


def test_equal_words_are_pooled_with_each_other() -> None:
    words = unit(4)
    assert np.allclose(sorted(pool(np.repeat(words, 2, axis=0))[:, 0]), sorted(words[:, 0]), atol=1e-5)


def test_the_bits_of_a_word_are_nearest_to_that_word() -> None:
    words = unit(200)
    mean = words.mean(0)
    store = TokenStore([pack(words[:50], mean), b"", pack(words[50:], mean)], mean)
    near = store.match(np.array([0, 1, 2]), words[[7, 120]])
    assert near.shape == (3, 2)
    assert near[0, 0] > 0.6 > near[2, 0]
    assert near[2, 1] > 0.6 > near[0, 1]
    assert (near[1] == 0).all()


def test_no_part_and_no_word_are_no_error() -> None:
    store = TokenStore([], np.zeros(16, np.float32))
    assert store.match(np.array([], np.intp), unit(2, 16)).shape == (0, 2)
    assert TokenStore([b""], np.zeros(16, np.float32)).match(np.array([0]), unit(0, 16)).shape == (1, 0)


def test_the_bundled_model_reads_the_words_of_a_question_with_their_places() -> None:
    model = make_embedder("local")
    assert model is not None
    question = "How do I restore a backup?"
    asked = model.read_question(question)
    assert [question[start:end] for start, end in asked.spans] == ["How", "do", "I", "restore", "a", "backup"]
    assert np.allclose(asked.vector, model.embed([question])[0], atol=1e-5)
    assert model.token_mean is not None
    texts = ["Bringing back saved data from an archive", "The colour of the evening sky"]
    packed = [tokens for batch in model.embed_batches(texts) for tokens in batch.tokens]
    near = TokenStore(packed, model.token_mean).match(np.array([0, 1]), asked.tokens).mean(1)
    assert near[0] > near[1]
