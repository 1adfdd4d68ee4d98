"""Personal data: how long it is kept, who may have it, how it is found and erased, across all apps."""
