"""Patterns in RE2, through google-re2, Google's own binding: whatever the pattern, time grows with the text alone."""

import re2

MAX_LENGTH = 2_000
MAX_PROGRAM = 20_000  # instructions; what RE2 makes of `((a{0,30}){0,30}){0,30}`, which nobody needs


class PatternError(Exception):
    """RE2 refuses this pattern. `str(error)` says why."""


class Pattern:
    """One compiled pattern. Safe to share between threads."""

    def __init__(self, source: str) -> None:
        """Compile. Raises: PatternError."""
        self.source = source
        if len(source) > MAX_LENGTH:
            raise PatternError(f"the pattern has {len(source):,} characters, more than {MAX_LENGTH:,}")
        options = re2.Options()
        options.log_errors = False
        try:
            self._compiled = re2.compile(source, options)
        except re2.error as problem:
            raise PatternError(_words(problem)) from None
        except UnicodeEncodeError:
            raise PatternError("the pattern holds half a surrogate pair") from None
        if self._compiled.programsize > MAX_PROGRAM:
            raise PatternError("the pattern is too large once its repetitions are written out")

    def found_in(self, text: str, start: int = 0) -> bool:
        """Whether the pattern is found in `text` at or after `start` (code points). What is before is still seen."""
        clean = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
        return self._compiled.search(clean, start) is not None


def _words(problem: Exception) -> str:
    cause = problem.args[0] if problem.args else problem
    text = cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)
    return " ".join(text.split())[:160]
