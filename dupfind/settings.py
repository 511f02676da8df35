"""What a run can be told, with its defaults; wrong values are refused with a way out."""

from typing import Final, Literal, get_args

import msgspec

from dupfind.errors import SettingsError

__all__ = ["FEW", "LEAST", "LINKAGES", "Settings", "recall"]

Linkage = Literal["single", "complete"]

LINKAGES: Final[tuple[Linkage, ...]] = get_args(Linkage)

FEW: Final = 3
"""Stories that may hold a shingle which still counts as a story's own."""

LEAST: Final = {
    "min_words": 1,
    "shingle_size": 2,
    "num_perm": 2,
    "bands": 2,
    "rows": 1,
    "guarantee": 2,
}
"""The least value of each whole number."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides what a report says; it is printed in the report.

    Raises `SettingsError` where a value is out of range or two of them do not fit.
    """

    threshold: float = 0.3
    """Least coverage of the shorter document for a match, 0 < threshold <= 1."""
    min_words: int = 20
    """Documents with fewer words are not compared; the report lists them as skipped."""
    shingle_size: int = 5
    """Consecutive words in a shingle; also the shortest run of equal words that counts."""
    num_perm: int = 128
    """Permutations, that is values, in a MinHash signature."""
    bands: int = 64
    """Bands of a signature; documents that agree in one whole band are compared."""
    rows: int = 2
    """Values in a band."""
    guarantee: int = 20
    """Any run of equal words of at least this length is always found."""
    linkage: Linkage = "single"
    """What makes a cluster: `single` joins whatever a match joins, also through a third document;
    under `complete` a match joins every two members."""
    passages: bool = False
    """Also report the pairs that share passages but are too little alike for a cluster."""

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise SettingsError(
                f"threshold is {self.threshold:g}; it must be above 0 and at most 1"
            )
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must be at least {least}")
        if self.linkage not in LINKAGES:
            raise SettingsError(f"linkage is {self.linkage!r}; it must be {' or '.join(LINKAGES)}")
        if self.bands * self.rows > self.num_perm:
            raise SettingsError(
                f"bands x rows is {self.bands} x {self.rows} = {self.bands * self.rows}; "
                f"it must not exceed num_perm, {self.num_perm}"
            )
        if self.guarantee < self.shingle_size:
            raise SettingsError(
                f"guarantee is {self.guarantee}; it must be at least "
                f"the shingle size, {self.shingle_size}"
            )

    @property
    def window(self) -> int:
        """Shingles in a winnowing window: a run of `guarantee` words fills one whole window."""
        return self.guarantee - self.shingle_size + 1


def recall(resemblance: float, bands: int, rows: int) -> float:
    """Probability that two documents of this resemblance agree in at least one band.

    The S-curve of banded MinHash, 1 - (1 - s^r)^b (Leskovec, Rajaraman, Ullman,
    *Mining of Massive Datasets*, §3.4).
    """
    return float(1 - (1 - resemblance**rows) ** bands)
