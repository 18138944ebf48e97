"""The checks behind setup/lint: one command per linter, the same here, in CI and in pre-commit."""
