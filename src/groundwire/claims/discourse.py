"""What is remembered from sentence to sentence: whom and what was spoken of, under which headings, and when.

It is small and holds no text of the answer but names, so that an answer can be read on from any point.
"""

from typing import NamedTuple

from groundwire.claims.leads import Lead
from groundwire.claims.mentions import Mention
from groundwire.claims.questions import Frame

_WINDOW = 4  # sentences that a pronoun may look back
_THINGS = 16
LABEL = 9
"""The level of a label, as a heading's: below those of all headings."""


class Discourse(NamedTuple):
    """Who and what the last sentences spoke of, nearest sentence first.

    `things` are what "the firm" and "this law" may mean, nearest first. `topics` are what the question (level 0) and
    the headings above speak of, `main` is what the answer first spoke of. `year` is when the last sentence took place,
    where it says so. `frame` is the question, while nothing has answered it; `leads` are what the items of the open
    lists complete, the innermost last, and `item` is where the last item's block starts. `speaker` is who said what
    the last sentence quotes, `language` the one that was spoken last, empty where none was told.
    """

    sentences: tuple[tuple[Mention, ...], ...] = ()
    things: tuple[Mention, ...] = ()
    topics: tuple[tuple[int, tuple[Mention, ...]], ...] = ()
    main: str = ""
    year: int | None = None
    frame: Frame | None = None
    leads: tuple[Lead, ...] = ()
    item: int = -1
    speaker: str = ""
    language: str = ""

    def after(self, mentions: tuple[Mention, ...], year: int | None) -> "Discourse":
        """With one more sentence, which spoke of `mentions`."""
        if not mentions:
            return self._replace(year=year)
        first = [m.key for m in mentions if m.subject and m.name] or [m.key for m in mentions if m.acts and m.named]
        main = self.main or ("" if self.topics or not first else first[0])
        known = {m.key for m in mentions}
        kept = [m for m in self.things if m.key not in known]
        things = (*(m for m in mentions if m.kinds or len(m.name.split()) > 2), *kept)[:_THINGS]
        return self._replace(
            sentences=(mentions, *self.sentences)[:_WINDOW], things=things, main=main, year=year, frame=None
        )

    def under(self, level: int, mentions: tuple[Mention, ...]) -> "Discourse":
        """Below a heading (or a question, level 0) that speaks of `mentions`, all of them its topic."""
        above = tuple(topic for topic in self.topics if topic[0] < level or level == 0)
        topic = tuple(dict.fromkeys(m._replace(subject=True, acts=True, object=False) for m in mentions))
        spoken = self.after(topic, None)
        if not topic and above:  # "Early life": of whoever the page is about
            spoken = spoken._replace(sentences=(above[-1][1], *self.sentences)[:_WINDOW])
        return spoken._replace(topics=(*above, (level, topic)) if topic else above)

    def at(self, level: int | None, block: int) -> "Discourse":
        """Before a sentence of the block at `block`, which begins an item of that level; None: it begins none."""
        if level is not None:
            leads = tuple(lead for lead in self.leads if lead.level < level)
            topics = tuple(topic for topic in self.topics if topic[0] < LABEL)
            return self._replace(leads=leads, item=block, topics=topics)
        return self if block == self.item else self._replace(leads=(), item=-1)

    def owner(self) -> Mention | None:
        """The one that the innermost heading or the question names."""
        topic = self.topics[-1][1] if self.topics else ()
        named = [m for m in topic if m.named]
        return named[0] if len(named) == 1 and named[0].name and not named[0].plural else None

    def is_topic(self, mention: Mention) -> bool:
        """Whether something is what this is about: of a heading or the question, or the subject again and again."""
        if mention.key == self.main or any(mention.key == m.key for _, topic in self.topics for m in topic):
            return True
        return sum(any(m.subject and m.key == mention.key for m in sentence) for sentence in self.sentences) > 1
