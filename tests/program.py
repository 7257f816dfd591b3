"""Runs `docs-chat` in this process, with everything that a process of its own would have: arguments, environment,
folder, standard streams and exit status. What starting one costs, a second or two, it does not.

Tests of signals, terminals, killed writers and the like start the real one.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from docs_chat.cli import main

#: The real one.
PROGRAM = Path(sys.executable).with_name("docs-chat")


def run_program(
    *arguments: str | Path, stdin: str = "", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = ["docs-chat", *map(str, arguments)]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogateescape")), "utf-8")
    status: object = 0
    with ExitStack() as stack:
        # Whatever it sets is gone afterwards.
        stack.enter_context(patch.dict(os.environ, env or {}, clear=env is not None))
        stack.enter_context(patch.object(sys, "argv", command))
        stack.enter_context(patch.object(sys, "stdin", given))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        if cwd:
            stack.enter_context(chdir(cwd))
        try:
            main()
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
            status = 1
    code = status if isinstance(status, int) else 0 if status is None else 1
    return subprocess.CompletedProcess(command, code, read(out), read(err))


def read(stream: io.TextIOWrapper) -> str:
    if stream.closed:
        return ""
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode()
