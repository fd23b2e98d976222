"""Groundwire inside other people's frameworks: their hooks in, the same checks, their types out.

Each module but `checking` needs its framework installed and is imported by its own name. Nothing here decides about a
claim, and a hook never lets through what it does not know how to read.
"""

__all__ = ()
