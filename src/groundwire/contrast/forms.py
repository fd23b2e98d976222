"""Words without their endings: "rose", "rises" and "rising" are one."""

import threading
from collections.abc import Callable
from functools import lru_cache

import Stemmer

_IRREGULAR = (
    "rose:rise risen:rise fell:fall fallen:fall grew:grow grown:grow lost:lose won:win bought:buy sold:sell "
    "began:begin begun:begin shrank:shrink shrunk:shrink sank:sink sunk:sink shut:shut sat:sit "
    "stood:stand slept:sleep forgot:forget forgotten:forget built:build paid:pay gave:give given:give took:take "
    "taken:take went:go gone:go came:come ran:run saw:see seen:see said:say told:tell made:make had:have held:hold "
    "wrote:write written:write drove:drive driven:drive ate:eat eaten:eat drank:drink drunk:drink wore:wear "
    "worn:wear rode:ride ridden:ride swam:swim sang:sing sung:sing spoke:speak spoken:speak broke:break "
    "broken:break chose:choose chosen:choose knew:know known:know led:lead met:meet found:find kept:keep "
    "meant:mean sent:send spent:spend taught:teach thought:think caught:catch brought:bring became:become "
    "threw:throw thrown:throw flew:fly flown:fly drew:draw drawn:draw hid:hide hidden:hide stole:steal "
    "stolen:steal struck:strike men:man women:woman children:child people:person wives:wife feet:foot "
    "lives:life died:die dying:die lying:lie dies:die forbade:forbid forbidden:forbid withdrew:withdraw "
    "withdrawn:withdraw worse:bad better:good larger:large larger:large felt:feel heard:hear got:get"
)
_BASE = dict(form.split(":") for form in _IRREGULAR.split())
_LONGEST = 64  # characters


class _Local(threading.local):
    """A stemmer keeps a buffer of its own, so threads do not share one."""

    def __init__(self) -> None:
        self.stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord


_local = _Local()


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """What all forms of a word in small letters have in common."""
    return _local.stem(_BASE.get(word, word)[:_LONGEST])
