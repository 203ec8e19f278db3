"""What a file does not tell, and somebody has to."""

from typing import NamedTuple


class Question(NamedTuple):
    """Something about a whole file that cannot be decided; `parameter` of the import decides it.

    `readings` are what it may mean, each beginning with the value of the parameter that says so.
    """

    parameter: str
    message: str
    readings: tuple[str, ...] = ()


class Undecided(Exception):
    """A file leaves questions open."""

    def __init__(self, *questions: Question) -> None:
        super().__init__("; ".join(question.message for question in questions))
        self.questions = questions
