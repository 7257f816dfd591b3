"""The commands of ``docs-chat``, one a module; each is imported only when it is called."""
