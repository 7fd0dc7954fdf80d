"""What a command says when it cannot do what it was asked."""


class CannotDo(RuntimeError):
    """The message is a sentence for the person at the terminal, and says what to do."""
