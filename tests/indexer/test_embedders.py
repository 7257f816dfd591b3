import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from docs_index.embedders import make_embedder
from docs_index.errors import UserError


@pytest.fixture(scope="module")
def openai_server() -> Iterator[str]:
    """llmock, a stand-in for OpenAI's API that is not ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("llmock")
    process = subprocess.Popen(
        [program, "serve", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{url}/v1/models"):
                break
        except OSError:
            time.sleep(0.05)
    yield f"{url}/v1"
    process.terminate()
    process.wait()


def test_the_bundled_model_tells_nobody_of_itself(tmp_path: Path) -> None:
    # ONNX Runtime keeps a number for the machine in the home folder before it reports anything.
    code = "from docs_index.embedders import make_embedder; make_embedder('local').embed(['text'])"
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], env={**environment, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []


def test_the_bundled_model_gives_unit_vectors_that_know_meaning() -> None:
    model = make_embedder("local")
    assert model is not None
    vectors = model.embed(["How do I restore a backup?", "Bringing back saved data", "The colour of the sky"])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_an_openai_compatible_server_gives_vectors_in_order(
    openai_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server)
    model = make_embedder("openai")
    assert model is not None
    texts = [f"text {number}" for number in range(300)]
    vectors = model.embed(texts)
    assert vectors.shape == (300, 1536)
    assert np.allclose(vectors[299], model.embed(["text 299"])[0])


def test_other_dimensions_than_asked_for_are_refused(openai_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server)
    model = make_embedder("openai:text-embedding-3-small@512")
    assert model is not None
    with pytest.raises(UserError, match="512"):
        model.embed(["text"])


@pytest.mark.parametrize("spec", ["", "loca", "local:x", "none:x", "onnx", "onnx:/nowhere", "openai:@3"])
def test_an_unusable_spec_says_what_to_write(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    with pytest.raises(UserError) as error:
        make_embedder(spec)
    assert error.value.hint


def test_openai_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(UserError, match="OPENAI_API_KEY"):
        make_embedder("openai")
