"""Mail that is never lost: a row in the transaction of the change, sent by the worker."""
