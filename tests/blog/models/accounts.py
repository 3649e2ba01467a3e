# ruff: noqa: DJ008 - the models are read, never shown
"""The user model of the project's own, which swaps Django's out."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email address"), unique=True)
    nickname = models.CharField(max_length=40, blank=True)
    phone_verified = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    motto = models.CharField(max_length=80, blank=True)

    USERNAME_FIELD = "email"
    sensitive_fields = ("motto",)
    objects = BaseUserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class Visit(models.Model):
    """Two foreign keys to one model: two relations."""

    person = models.ForeignKey(Account, models.CASCADE, related_name="visits")
    invited_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    guide = models.OneToOneField(Account, models.SET_NULL, null=True, related_name="tour")


class Pen(models.Model):
    """Swapped by BLOG_PEN_MODEL; nothing but Django's own user is usually."""

    colour = models.CharField(max_length=10)

    class Meta:
        swappable = "BLOG_PEN_MODEL"


class Quill(models.Model):
    length = models.PositiveSmallIntegerField()
