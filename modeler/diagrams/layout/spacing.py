"""The lengths of a picture, in points; the origin is the top left, y grows downwards."""

from __future__ import annotations

# Text: sizes as in the other formats.
TITLE_SIZE, ROW_SIZE = 12.0, 11.0
HEAD_HEIGHT, ROW_HEIGHT = 24.0, 18.0
SIDE, MARKS, BETWEEN = 8.0, 26.0, 12.0  # margin in a box, room for PK/FK, name to type
LEAST_WIDTH = 96.0

# Distances inside an app. A crow's foot with its optionality needs STUB at either end.
BOX_GAP, LINE_GAP, BOX_LINE_GAP = 22.0, 8.0, 12.0
STUB, TRACK = 16.0, 7.0
PART_GAP = 26.0

# Distances between apps.
FRAME_PADDING, FRAME_TITLE, FRAME_GAP = 20.0, 30.0, 36.0
FRAME_TITLE_SIZE = 15.0
CORRIDOR_TRACK = 5.0
