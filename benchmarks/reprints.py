"""The labeled pairs of Reuters-21578 where every story was reprinted many times.

No text is rare then: what stands in one story stands in as many documents as reprinted it.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import metrics
import ours
from found import written
from reuters import Labeled, judge

from dupfind.engines.local import Workers, usable_cores
from dupfind.pipeline import judge_all
from dupfind.settings import Settings

__all__ = ["judge_reprinted", "reprint"]

_EDITED: Final = 60  # words to an edit
_PUT_IN: Final = ("also", "still", "then", "again", "later", "meanwhile")
_INSTEAD: Final = ("report", "officials", "market", "said", "today", "new")


def judge_reprinted(
    records: Iterable[Mapping[str, Any]], pairs: Sequence[Labeled], times: int, seed: int
) -> metrics.Rates:
    """Rate labeled pairs of records, each of which is there so many times."""
    settings = Settings()
    with written(reprint(records, times, seed)) as path, Workers(usable_cores()) as workers:
        corpus, verified = ours.verify_pairs(path, settings, workers)
        judged, _ = judge_all(corpus, verified, settings, workers)
        return judge(pairs, ours.ask(corpus, judged))


def reprint(
    records: Iterable[Mapping[str, Any]], times: int, seed: int
) -> Iterator[Mapping[str, Any]]:
    """Give each record as it is, and so often again, less one, with small edits."""
    for record in records:
        source = random.Random(f"{seed}/reprint/{record['id']}")
        yield record
        for number in range(1, times):
            yield {
                "id": f"{record['id']}-{number}",
                "title": record["title"],
                "text": _edit(record["text"], source),
            }


def _edit(text: str, source: random.Random) -> str:
    """Put a word in, leave one out or exchange one, here and there; add a line of the desk's."""
    words = text.split(" ")
    for _ in range(max(1, len(words) // _EDITED)):
        place = source.randrange(len(words))
        match source.choice(("put in", "leave out", "exchange")):
            case "put in":
                words[place] += f" {source.choice(_PUT_IN)}"
            case "leave out" if len(words) > 1:
                del words[place]
            case _:
                words[place] = source.choice(_INSTEAD)
    above = source.choice(("By our correspondent\n\n", "", "", "", ""))
    below = source.choice(("\n (The Daily Paper)", "", ""))
    return above + " ".join(words) + below
