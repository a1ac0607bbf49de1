"""Land degradation after SDG indicator 15.3.1: one module a sub-indicator, plain arrays."""
