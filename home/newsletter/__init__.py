"""The Infobrief: issues are pages, readers are rows, each mail is a row of the outbox."""
