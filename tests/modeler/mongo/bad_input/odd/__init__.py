"""An app whose tables hold what documents do not take, or not as it is."""
