"""The one exception that a person sees: what happened, and what to do about it."""


class UserError(Exception):
    """A mistake or fault that the person at the keyboard can mend.

    :param message: one sentence: what is wrong, and where.
    :param hint: one sentence: how to put it right.
    :param exit_code: 2 for usage and configuration, 1 where a check failed.
    """

    def __init__(self, message: str, hint: str = "", exit_code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
