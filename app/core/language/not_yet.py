"""Words that the language has a place for and this version does not support, with what to write.

A value stands as `key: value`; the word alone is a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

NotYet: TypeAlias = Mapping[str, str]
