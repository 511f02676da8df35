"""Tables: as plain text and as Markdown."""

from collections.abc import Sequence

__all__ = ["align", "tabulate"]


def align(head: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int) -> str:
    """Set a table as plain text; the first columns flush left, the others flush right."""
    table = [list(head), *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < text_columns else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def tabulate(head: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int) -> str:
    """Set a table as Markdown."""
    rule = ["---" if at < text_columns else "---:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
