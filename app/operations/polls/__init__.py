"""The acts of a poll: convening, opening, declaring a link, casting, lengthening, closing, deciding, notifying."""
