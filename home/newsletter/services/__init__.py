"""All that changes the Infobrief's rows."""
