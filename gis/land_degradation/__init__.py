"""Land degradation after SDG indicator 15.3.1: kernels on plain arrays, one module a sub-indicator."""
