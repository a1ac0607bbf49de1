"""Inside :mod:`gis.location`: reach, rules, search, bounds and exact programs of its models."""
