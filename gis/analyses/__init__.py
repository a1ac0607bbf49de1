"""The analyses of the house, an explicit tuple: adding one is adding its module here."""
