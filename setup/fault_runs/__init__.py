"""The experiments behind setup/faults: real processes are broken by seed, truth is checked."""
