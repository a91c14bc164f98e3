"""The steps from an empty database to the present schema: numbered, forward only."""
