"""What is measured, and against what: ratios of one interleaved run, each beside its floor."""
