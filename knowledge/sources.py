NOTES: tuple[str, ...] = ()
