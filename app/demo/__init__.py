"""The demonstration: the real register, of public facts only, and a fictional network where everything happens."""
