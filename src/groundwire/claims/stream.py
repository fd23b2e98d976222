"""How much of an answer that is still being written is finished. No spaCy: cheap enough for every token that comes."""

from groundwire.claims.segments import finished


def complete(text: str) -> int:
    """Return `n` such that `text[:n]` ends with a sentence or block that nothing which follows can change.

    Code points; 0 when nothing is finished. A sentence counts when the white space after it and the start of the next
    word have come, or a newline: not inside an abbreviation, a number, an open quotation, bracket, code fence or
    table row. Linear in `text`; for an answer that grows use `Growing`, which reads each part once.
    """
    return finished(text)[0]


class Growing:
    """An answer as it comes in. `feed` says how much of it is finished, at a cost that follows what is new.

    Gives the ends that `complete` gives for the text so far, except that a block that is long already (code, JSON, a
    paragraph of pages) is looked at again only when it has grown by a part. Keeps only the text of the open block.
    """

    def __init__(self) -> None:
        self.end = 0
        self._before = 0  # code points before the text that is kept
        self._text = ""  # of the block that is open
        self._new: list[str] = []  # not looked at yet
        self._length = 0  # of both
        self._opening = True
        self._next_look = 0

    def feed(self, more: str) -> int:
        """Take in more of the answer; return how many code points of all of it are finished."""
        self._new.append(more)
        self._length += len(more)
        if self._length < self._next_look:
            return self.end
        self._text += "".join(self._new)
        self._new.clear()
        end, restart = finished(self._text, opening=self._opening)
        if end:
            self.end = self._before + end
        self._opening = self._opening and not self._text[:restart].strip()
        if not self._opening:
            self._text = self._text[restart:]
            self._before += restart
        length = self._length = len(self._text)
        open_for = length - max(self.end - self._before, 0)
        self._next_look = length + max(open_for // 8 if open_for > _LONG else 0, length // 16 if length > _LONG else 0)
        return self.end


_LONG = 4000
