"""Tests of the server and of its part of the command line, against real parts."""

import warnings

with warnings.catch_warnings():
    # chatkit deprecates its own widget classes, and warns while it defines them.
    warnings.filterwarnings("ignore", "Direct usage of named widget classes", DeprecationWarning)
    import chatkit.server  # noqa: F401
