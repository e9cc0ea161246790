"""What a reporter answered to the form of a service, with the questions, for whoever handles it."""

from __future__ import annotations

from typing import Final, TypedDict

from geo.issues.forms import MEDIA, form
from geo.store.database import Connection
from geo.store.public import answers_of, form_of_issue


class Answer(TypedDict):
    """One question and what was answered."""

    code: str
    question: str
    answers: list[str]


_MEDIA_ASKED: Final = "媒体链接 Media"


def answers_told(conn: Connection, issue: int) -> list[Answer]:
    """Return code, question and answers (names where the form lists them), as the form asks them.

    An answer to a question that the form no longer has keeps its code.
    """
    answers = answers_of(conn, issue)
    if not answers:
        return []
    questions = {question.code: question for question in form(*form_of_issue(conn, issue))}
    order = [*questions, *sorted(answers.keys() - questions.keys())]
    asked = {code: question.description or code for code, question in questions.items()}
    asked[MEDIA] = _MEDIA_ASKED
    names = {code: dict(question.options) for code, question in questions.items()}
    return [
        {
            "code": code,
            "question": asked.get(code, code),
            "answers": [names.get(code, {}).get(value, value) for value in answers[code]],
        }
        for code in order
        if code in answers
    ]
