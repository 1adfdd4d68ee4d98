"""What editors may do inside running text."""

RICH_TEXT = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]
PLAIN_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]
ONE_LINE = ["bold", "italic", "link"]
