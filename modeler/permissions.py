"""What people may do in modeler; granted in admin like any other permission."""

from __future__ import annotations

READ = "modeler.read_modeler"
STORE = "modeler.store_results"
SHARE = "modeler.share_views"
APPLY = "modeler.apply_specs"
# Of the model CollectionDesign.
DECIDE = "modeler.decide_collections"

# (codename, name) for the model that carries them.
DECLARED = (
    ("read_modeler", "Can read the data model, previews and specs"),
    ("store_results", "Can store snapshots and migration previews"),
    ("share_views", "Can share saved views of diagrams"),
    ("apply_specs", "Can apply collection specs"),
)
