from __future__ import annotations

from typing import Any

from django.contrib import admin

from tests.blog.models import Comment, Post, Tag
from tests.blog.site import desk


class CommentInline(admin.TabularInline):
    model = Comment
    fk_name = "post"


def shout(post: Any) -> str:
    return str(post.title).upper()


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ["title", shout, "status"]
    search_fields = ["title", "owner__email"]
    list_filter = ["status", ("owner", admin.RelatedOnlyFieldListFilter)]
    inlines = [CommentInline]


admin.site.register(Tag)
desk.register(Tag)
