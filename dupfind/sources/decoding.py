"""Decoding: bytes → text, or a reason why not. Nothing is guessed into garbage."""

from dupfind.sources.streams import RefusedError

__all__ = ["decode", "undecodable"]


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a document; a byte order mark goes.

    Takes the encoding that the document itself declares, if it does: a byte order mark wins
    over it. Raises `RefusedError` where the bytes are not text in the encoding they seem to be in.
    """
    try:
        return data.decode(declared or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RefusedError("undecodable", undecodable(error)) from None


def undecodable(error: UnicodeDecodeError) -> str:
    """Say which byte is not UTF-8."""
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start} is not UTF-8"
