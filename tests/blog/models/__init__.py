from __future__ import annotations

from tests.blog.models.accounts import Account, Quill, Visit
from tests.blog.models.attachments import Attachment, Star
from tests.blog.models.computed import *  # noqa: F403
from tests.blog.models.events import Event, EventSource
from tests.blog.models.history import HistoricalTag
from tests.blog.models.places import Booking, Category, Seat, Slot
from tests.blog.models.posts import Article, Comment, Highlight, Post, PublishedPost, Review
from tests.blog.models.sessions import Session
from tests.blog.models.shared import Archived, PostRow, PostSummary
from tests.blog.models.tags import Badge, PostTag, Tag

__all__ = [
    "Account", "Archived", "Article", "Attachment", "Badge", "Booking", "Category", "Comment",
    "Event", "EventSource", "Highlight", "HistoricalTag", "Post", "PostRow", "PostSummary",
    "PostTag", "PublishedPost", "Quill", "Review", "Seat", "Session", "Slot", "Star", "Tag",
    "Visit",
]  # fmt: skip
