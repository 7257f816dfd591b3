"""Where text for people goes: to a terminal in its width and with its colours, elsewhere in one plain layout."""

from __future__ import annotations

from rich.console import Console

#: Lines that are longer are hard to read, however wide the window is; a file or a pipe always gets these.
WIDTH = 100


def make_console() -> Console:
    """A console on standard output. Colours are those that can be read on light and on dark ground."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console
