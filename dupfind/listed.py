"""Listed: lines that nearly every site or desk sets above and below a story.

None of them is its headline, and none is compared.
"""

from typing import Final

__all__ = ["LISTED"]

LISTED: Final = frozenset(
    {
        "(end)", "advertisement", "advertisements", "all rights reserved", "back to top",
        "comments", "copy link", "email this", "enditem", "follow us", "home", "listen",
        "listen to this article", "listen to this story", "loading", "log in", "menu",
        "more from this section", "most popular", "most read", "print", "print this",
        "print this article", "print this page", "read more", "related articles",
        "related stories", "report a typo", "save", "search", "share", "share this",
        "share this article", "sign in", "sign up", "skip to content", "skip to main content",
        "sponsored", "subscribe", "subscribe now", "you may also like",
    }
)  # fmt: skip
"""Folded, without the points that may stand after them."""
