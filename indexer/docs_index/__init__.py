"""From a Docusaurus site to searchable, citable sections in LanceDB."""

__version__ = "0.1.0"
