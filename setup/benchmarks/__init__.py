"""The benchmarks behind setup/bench. They measure; they decide nothing."""
