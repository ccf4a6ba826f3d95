"""The root of every error.

    SekishoError                no answer was reached, so nothing was signed
    ├── Malformed…              somebody's bytes are not what they claim to be (one class per format, in its room)
    ├── …                       the world did not do as it should: a file, a clock, a key (each in its room)

A refusal is no error: it is an answer, and lives in `verdicts`. Errors carry their facts as fields; the sentence is
built from them.
"""


class SekishoError(Exception):
    """No answer was reached. Its text is one line, fit for a person to read."""
