"""Planning and matching: pure, over plain values."""
