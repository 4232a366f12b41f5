"""Sample records, kept so that cases can begin from them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.core.model.record import LearnerRecord
from app.services.canonical import canonical_json
from app.services.record_codec import record_from_plain, record_to_plain


def write_samples(samples: Mapping[str, LearnerRecord]) -> Mapping[str, bytes]:
    """Return each record as canonical JSON, by name."""
    return {name: canonical_json(record_to_plain(one)) for name, one in samples.items()}


def read_samples(contents: Mapping[str, bytes]) -> Mapping[str, LearnerRecord]:
    """Return the records that `write_samples` wrote."""
    return {name: record_from_plain(json.loads(one)) for name, one in contents.items()}
