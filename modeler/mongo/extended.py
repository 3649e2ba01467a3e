"""Between Extended JSON, in which specifications are written, and what the driver sends.

Source: MongoDB manual, "MongoDB Extended JSON (v2)". Needs ``bson``, which comes with pymongo.
"""

from __future__ import annotations

import json
from typing import Any


def to_bson(value: Any) -> Any:
    """Return what the driver sends for a value in Extended JSON.

    Moments stay milliseconds, since an index may end at a year that Python does not know.
    """
    from bson import json_util

    return json_util.loads(json.dumps(value), json_options=_options())


def to_extended(value: Any) -> Any:
    """Return a value of the driver in Extended JSON, every number with its type."""
    from bson import json_util

    return json.loads(json_util.dumps(value, json_options=_options()))


def canonical(value: Any) -> Any:
    """Return Extended JSON in its one canonical spelling."""
    return to_extended(to_bson(value))


def codec_options() -> Any:
    """Return how the driver is to read documents so that nothing of them is lost."""
    from bson.codec_options import CodecOptions, DatetimeConversion

    return CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)


def _options() -> Any:
    from bson.codec_options import DatetimeConversion
    from bson.json_util import JSONMode, JSONOptions

    return JSONOptions(
        json_mode=JSONMode.CANONICAL, datetime_conversion=DatetimeConversion.DATETIME_MS
    )
