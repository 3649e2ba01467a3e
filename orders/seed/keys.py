"""Keys that say when a row was born, and are the same for the same seed."""

from __future__ import annotations

from random import Random

# The variant of RFC 9562 in the highest two bits.
_VARIANT = 1 << 63
# How a key is written.
DIGITS = 32


class Keys:
    """Makes UUIDs of version 7 out of moments and a randomness of its own."""

    def __init__(self, random: Random) -> None:
        self._bits = random.getrandbits

    def at(self, moment: int) -> str:
        """Return a new key, 32 hexadecimal digits, of a moment in microseconds since 1970."""
        milliseconds, rest = divmod(moment, 1000)
        tail = _VARIANT | self._bits(62)
        return f"{milliseconds:012x}7{rest * 4096 // 1000:03x}{tail:016x}"
