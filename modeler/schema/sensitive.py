"""Which columns hold secrets or personal data, judged by name, type and declaration.

Values of such columns are masked wherever rows are shown. A project declares more in
``MODELER["SENSITIVE"]``: patterns of ``app.Model.column`` as in a shell (``*.nickname``), the
last that fits decides, and a leading ``!`` takes one out (``!crm.Lead.email``).
A model may mark its own with ``sensitive_fields = ("nickname",)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

# Words of a name, alone or together, whatever the column's type is.
SECRETS = frozenset(
    "password passwd passphrase pwd secret token apikey api_key private_key access_key otp totp "
    "salt cvv cvc pin credential credentials signature_key session_key session_data".split()
)
PERSONAL = frozenset(
    "email mail phone mobile fax telephone iban bic ssn passport tax_id vat_id national_id "
    "first_name last_name full_name given_name family_name surname middle_name birthday "
    "birthdate date_of_birth birth_date address street street1 street2 address1 address2 "
    "line1 line2 postal_code postcode zip_code ip ip_address remote_addr card_number "
    "account_number user_agent latitude longitude".split()
)
PERSONAL_FIELDS = frozenset({"EmailField", "GenericIPAddressField", "IPAddressField"})
PERSONAL_TYPES = frozenset({"inet", "cidr", "macaddr", "macaddr8"})
# A flag, a number or a time about a secret is none: password_changed_at, email_verified.
HARMLESS_TYPES = re.compile(r"(?:boolean|timestamp|time|interval|smallint|integer|bigint|uuid)\b")
BIRTH = frozenset({"birthday", "birthdate", "date_of_birth", "birth_date"})


def is_sensitive(
    subject: str,
    name: str,
    database_type: str,
    field_type: str = "",
    *,
    declared: Iterable[str] = (),
    patterns: tuple[str, ...] = (),
) -> bool:
    """Tell whether a column's values must be masked.

    Args:
        subject: ``app.Model.column`` or ``schema.table.column``, what patterns match.
        name: the column's or field's name.
        database_type: as the server prints it.
        field_type: Django's field class.
        declared: names that the model marks itself.
        patterns: ``MODELER["SENSITIVE"]``.
    """
    for pattern in reversed(patterns):
        if fnmatchcase(subject, pattern.removeprefix("!")):
            return not pattern.startswith("!")
    if name in declared:
        return True
    if field_type in PERSONAL_FIELDS or database_type in PERSONAL_TYPES:
        return True
    found = _spoken(name)
    if not found or HARMLESS_TYPES.match(database_type):
        return False
    return database_type != "date" or bool(found & BIRTH)


@lru_cache(maxsize=4096)
def _spoken(name: str) -> frozenset[str]:
    """Return the listed words that stand in a name, between underscores."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    runs = {
        "_".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + 3, len(words)) + 1)
    }
    return frozenset(runs & (SECRETS | PERSONAL))
