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

    Gives the ends that `complete` gives for the text so far, except that a block held open for long (code, JSON) is
    looked at again only when it has grown by an eighth.
    """

    def __init__(self) -> None:
        self.text = ""
        self.end = 0
        self._restart = 0
        self._next_look = 0

    def feed(self, more: str) -> int:
        self.text += more
        length = len(self.text)
        if length < self._next_look:
            return self.end
        end, self._restart = finished(self.text, self._restart)
        self.end = max(self.end, end)
        open_for = length - max(self._restart, self.end)
        self._next_look = length + (open_for // 8 if open_for > _LONG else 0)
        return self.end


_LONG = 2000
