"""The design of collections: which tables are embedded, copied, referenced, and why.

``measuring`` reads a PostgreSQL, once; all else is pure: ``design(schema, measures, …)`` weighs
every relation (``points``), decides it (``verdict``), finds each table's only root (``roots``)
and makes the shapes (``shapes``) that ``modeler.mongo.spec`` turns into specifications.
Source of the rules: MongoDB manual, "Embedded Data Versus References" and the design patterns
(subset, extended reference, computed, outlier, bucket, array of ancestors). The manual names no
numbers but 16 MiB; those of ``weights`` are ours, and settings.
"""
